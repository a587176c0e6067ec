-- People of two records of a round who share a link token, that is name, birth month, sex and country of birth under a key, and live under one
-- roof of areas: perhaps one person counted twice. Unit: pairs of members of current records whose homes both consented to linking. Block:
-- token and larger area; compared: answers that stay the same for months. Parameters: $round; $areas and $around side by side: the area that
-- each area lies in; $limit. Placeholders in braces: {members} and {answers}, a list of columns, from the questionnaire.
with places as (
    select
        unnest($areas)                                                          as area,
        unnest($around)                                                         as around
),
tokens as (
    select
        k.token,
        k.record_id,
        k.person_key,
        coalesce(p.around, l.area)                                              as around
    from link_token k
    join ledger l on l.record_id = k.record_id and l.consent_linking
    left join places p on p.area = l.area
    where l.round = $round
      and l.record_id not in (select record_id from not_counted)
),
shared as (
    select
        token,
        around
    from tokens
    group by token, around
    having count(*) > 1
),
members as (
    select
        t.token,
        t.around,
        m.record_id,
        m.area,
        m.row_position + 1                                                      as place,
        [{answers}]::varchar[]                                                  as answers
    from tokens t
    join shared s on s.token = t.token and s.around = t.around
    join {members} m on m.record_id = t.record_id and m.person_key = t.person_key
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
    join members b on b.token = a.token and b.around = a.around and b.record_id > a.record_id
),
counted as (
    select
        *,
        len(answered)                                                           as compared,
        len(list_filter(answered, lambda each: each[1] = each[2]))              as agreeing
    from pairs
)
select
    first_record,
    first_area,
    first_place::integer,
    second_record,
    second_area,
    second_place::integer,
    compared::integer,
    agreeing::integer
from counted
where 4 * agreeing >= 3 * compared
order by agreeing - compared, compared desc, first_record, second_record, first_place
limit $limit
