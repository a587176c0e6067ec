-- Homes of one area and round whose members agree in sex, birth month and country of birth, two or more of them: perhaps one home under two numbers.
-- Unit: pairs of current records, each pair once. The columns are given by the questionnaire (concepts sex, birth-month, country-of-birth).
-- Parameters: $round. Placeholders in braces are column and table names from definitions.
with signatures as (
    select
        record_id,
        area,
        list(({sex}, {birth_month}, {birth_country}) order by {sex}, {birth_month}, {birth_country})::varchar    as signature
    from {members}
    where round = $round
      and {sex} is not null
      and {birth_month} is not null
    group by record_id, area
    having count(*) >= 2
)
select
    a.area,
    a.record_id                                                                                              as first_record,
    b.record_id                                                                                              as second_record
from signatures a
join signatures b on b.area = a.area and b.signature = a.signature and b.record_id > a.record_id
order by first_record, second_record
