-- What became of the homes of each area. Unit: area. Universe: visited homes (household keys); the result that settles most counts of each
-- home: an interview before a refusal, a refusal before a closed door. Results of a visit are the codes of the list visit_result.
-- Parameter: $round. Placeholders in braces: {table} of homes and {result} in it, from the questionnaire.
with visits as (
    select
        l.area,
        l.household_key,
        l.status,
        l.consent_interview,
        {result}                                                                as result
    from ledger l
    left join {table} h on h.record_id = l.record_id
    where l.round = $round
      and l.household_key is not null
      and l.kind in ('interview', 'correction')
      and l.status in ('accepted', 'held')
),
homes as (
    select
        area,
        household_key,
        max(case
            when consent_interview and status = 'accepted' then 5
            when consent_interview then 4
            when result = '5' then 3                    -- refused
            when result in ('6', '7', '9') then 2       -- empty or no home, not found, moved away
            when result in ('3', '4') then 1            -- nobody able to answer, away for long
            else 0                                      -- left half done, not safe, not said
        end)                                                                    as became
    from visits
    group by area, household_key
)
select
    area,
    count(*)::integer                                                           as visited,
    count(*) filter (where became = 5)::integer                                 as interviewed,
    count(*) filter (where became = 4)::integer                                 as held,
    count(*) filter (where became = 3)::integer                                 as refused,
    count(*) filter (where became = 1)::integer                                 as absent,
    count(*) filter (where became = 2)::integer                                 as no_home,
    count(*) filter (where became = 0)::integer                                 as other
from homes
group by area
order by area
