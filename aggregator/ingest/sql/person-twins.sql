-- People of two records of a round who share a link token, that is name, birth month, sex and country of birth under a key: perhaps one person
-- counted twice. Unit: pairs of members of current records whose homes both consented to linking. Block: token; compared: answers that stay
-- the same for months. Parameter: $round. Placeholders in braces: {members} and {answers}, a list of columns, from the questionnaire.
with members as (
    select
        k.token,
        m.record_id,
        m.area,
        m.row_position + 1                                                      as place,
        [{answers}]::varchar[]                                                  as answers
    from link_token k
    join ledger l on l.record_id = k.record_id and l.consent_linking
    join {members} m on m.record_id = k.record_id and m.person_key = k.person_key
    where m.round = $round
),
pairs as (
    select
        a.record_id                                                             as first_record,
        a.area                                                                  as first_area,
        a.place                                                                 as first_place,
        b.record_id                                                             as second_record,
        b.area                                                                  as second_area,
        b.place                                                                 as second_place,
        list_filter(list_zip(a.answers, b.answers), lambda each: each[1] is not null and each[2] is not null) as answered
    from members a
    join members b on b.token = a.token and b.record_id > a.record_id
)
select
    first_record,
    first_area,
    first_place::integer,
    second_record,
    second_area,
    second_place::integer,
    len(answered)::integer                                                      as compared,
    len(list_filter(answered, lambda each: each[1] = each[2]))::integer         as agreeing
from pairs
order by agreeing - compared, compared desc, first_record, second_record, first_place
