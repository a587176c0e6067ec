-- Homes of one area and round whose members agree in sex, birth month and country of birth, two or more of them: perhaps one home under two numbers.
-- Unit: pairs of current records, each pair once. The columns are given by the questionnaire (concepts sex, birth-month, country-of-birth).
-- The sum of the members' hashes does not depend on their order. Parameters: $round, $limit. Placeholders in braces are names from definitions.
with signatures as (
    select
        record_id,
        area,
        count(*)                                                                as members,
        sum(hash({sex}, {birth_month}, {birth_country})::hugeint)               as signature
    from {members}
    where round = $round
      and {sex} is not null
      and {birth_month} is not null
    group by record_id, area
    having count(*) >= 2
)
select
    a.area,
    a.record_id                                                                 as first_record,
    b.record_id                                                                 as second_record
from signatures a
join signatures b on b.area = a.area and b.signature = a.signature and b.members = a.members and b.record_id > a.record_id
order by first_record, second_record
limit $limit
