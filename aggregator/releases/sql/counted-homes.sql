-- Homes of a round whose interview counts, by smallest area: all of them, and those whose version arrived after the last one behind the
-- standing figures of the area. Unit: homes. Parameters: $round; $areas and $since side by side: place in the order of arrival by area.
with standing as (
    select
        unnest($areas) as area,
        unnest($since) as since
)
select
    area,
    count(distinct record_id)::integer                                                  as homes,
    count(distinct record_id) filter (where received > coalesce(since, -1))::integer    as arrived,
    max(received)::double                                                               as last
from ledger
left join standing using (area)
where
    round = $round
    and area is not null
    and status = 'accepted'
    and record_id not in (select record_id from not_counted)
group by area
order by area;
