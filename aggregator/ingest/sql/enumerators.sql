-- How each phone's interviews look beside the others': what a supervisor looks at before a talk, never a judgement by itself.
-- Unit: phone. Universe: interviews with consent, corrections left out. Parameter: $round.
select
    l.device,
    count(*)::integer                                                                                        as interviews,
    median(l.minutes)::double                                                                                as median_minutes,
    avg(l.members)::double                                                                                   as mean_members,
    avg((l.status = 'held')::integer)::double                                                                as share_held,
    avg((l.record_id in (select record_id from flag where severity = 'warning'))::integer)::double           as share_warned,
    max(per_day.interviews)::integer                                                                         as most_in_a_day
from ledger l
join (
    select device, finished, count(*) as interviews
    from ledger
    where round = $round and kind = 'interview' and consent_interview
    group by device, finished
) per_day on per_day.device = l.device
where l.round = $round
  and l.kind = 'interview'
  and l.consent_interview
group by l.device
order by l.device
