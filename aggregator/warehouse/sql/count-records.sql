-- Records by what became of them, newest version of each. Unit: sealed records (visits), not people. No parameters.
select
    status,
    count(distinct record_id)::integer as records
from ledger
group by status
order by status;
