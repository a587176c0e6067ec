-- What quality checks found. Unit: area and check. Universe: records of the round that were taken in and not withdrawn. Parameter: $round.
select
    coalesce(l.area, '')                      as area,
    f.code,
    max(f.severity)                           as severity,
    count(distinct f.record_id)::integer      as records
from flag f
join ledger l on l.record_id = f.record_id
where l.round = $round
  and l.status in ('accepted', 'held')
group by coalesce(l.area, ''), f.code
order by area, code
