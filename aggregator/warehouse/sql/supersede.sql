-- Which versions of the interviews with these roots count: the last accepted correction, else the accepted original;
-- none of an interview that was withdrawn, and none without consent. Unit: record version. Parameter: $roots.
insert into not_counted
with versions as (
    select
        record_id,
        status = 'accepted' and kind <> 'withdrawal' and coalesce(consent_interview, false)                     as may_count,
        row_number() over (
            partition by root
            order by
                case when status = 'accepted' and kind <> 'withdrawal' then 0 else 1 end,
                case when kind = 'correction' then 0 else 1 end,
                received desc
        )                                                                                                       as place
    from ledger
    where root in (select unnest($roots::varchar[]))
)
select record_id
from versions
where not (may_count and place = 1)
order by record_id
