-- What became of the homes of each area. Unit: area. Universe: visited homes (household keys), the best result of each home counts. Parameter: $round.
with homes as (
    select
        area,
        household_key,
        max(case when status = 'accepted' and consent_interview then 3 when consent_interview then 2 else 1 end) as result
    from ledger
    where round = $round
      and household_key is not null
      and kind in ('interview', 'correction')
    group by area, household_key
)
select
    area,
    count(*)::integer                                                                                        as visited,
    count(*) filter (where result = 3)::integer                                                              as interviewed,
    count(*) filter (where result = 2)::integer                                                              as held,
    count(*) filter (where result = 1)::integer                                                              as without_interview
from homes
group by area
order by area
