-- Records that wait for a person: held ones nobody decided on, then accepted ones with warnings. Unit: record version.
-- Parameters: $limit; $records and $codes side by side: warnings that only records beside each other show.
with found as (
    select distinct
        unnest($records)                                                                                    as record_id,
        unnest($codes)                                                                                      as code
),
flags as (
    select record_id, code, severity, name, row_id from flag
    union all
    select record_id, code, 'warning', null, null from found
)
select
    l.record_id,
    l.status,
    l.area,
    l.device,
    l.finished::varchar                                                                                     as finished,
    (
        select coalesce(to_json(list({'code': f.code, 'severity': f.severity, 'name': f.name, 'row': f.row_id} order by f.code, f.name)), '[]')
        from flags f
        where f.record_id = l.record_id
    )::varchar                                                                                              as flags
from ledger l
where l.kind in ('interview', 'correction', 'listing')
  and (
      l.status = 'held'
      or (l.status = 'accepted' and l.record_id in (select record_id from flags where severity = 'warning'))
  )
  and l.record_id not in (select record_id from decision)
order by l.status <> 'held', l.received
limit $limit
