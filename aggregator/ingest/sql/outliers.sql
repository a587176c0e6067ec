-- Answers to one question in numbers that lie far from the others, on a logarithmic scale, for money and hours have long tails.
-- Unit: answers of current records. Universe: answers of 0 and more, where there are 30 or more and they differ. Parameters: $round.
-- Placeholders in braces: {table}, {column} and {place} (the member's place in the roster, or null) come from the questionnaire.
-- Modified z-score: Iglewicz and Hoaglin (1993), How to detect and handle outliers.
with answers as (
    select
        record_id,
        area,
        {place}::integer                                                                                     as place,
        ln(1 + {column}::double)                                                                             as size
    from {table}
    where round = $round
      and {column} >= 0
),
middle as (
    select
        median(size)                                                                                         as size,
        mad(size)                                                                                            as spread,
        count(*)                                                                                             as answers
    from answers
)
select
    a.record_id,
    a.area,
    a.place,
    (0.6745 * (a.size - m.size) / m.spread)::double                                                         as distance
from answers a, middle m
where m.answers >= 30
  and m.spread > 0
  and abs(0.6745 * (a.size - m.size) / m.spread) > 3.5
order by abs(distance) desc, a.record_id, a.place
limit 20
