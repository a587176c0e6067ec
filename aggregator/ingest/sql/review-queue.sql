-- Records that wait for a person: held ones nobody decided on, then accepted ones with warnings. Unit: record version. Parameter: $limit.
select
    l.record_id,
    l.status,
    l.area,
    l.device,
    l.finished::varchar                                                                                     as finished,
    (
        select coalesce(to_json(list({'code': f.code, 'severity': f.severity, 'name': f.name, 'row': f.row_id} order by f.code, f.name)), '[]')
        from flag f
        where f.record_id = l.record_id
    )::varchar                                                                                              as flags
from ledger l
where l.kind in ('interview', 'correction', 'listing')
  and (
      l.status = 'held'
      or (l.status = 'accepted' and l.record_id in (select record_id from flag where severity = 'warning'))
  )
  and l.record_id not in (select record_id from decision)
order by l.status <> 'held', l.received
limit $limit
