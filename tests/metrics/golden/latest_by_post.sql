-- views@1, retention_by_second@1 by post
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
scope_posts as (
  select p.post, p.basis, p.posted_at, p.post_name, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
),
post_rows as (
  select
    s.post,
    s.post_name,
    case when e.views <> 'none' then l.views end as views,
    l.views_at as views_at,
    e.views as views_level,
    coalesce(e.views_why, case when l.subject is null or s.unread = 5 then s.unread when l.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as views_why,
    case when e.retention_by_second <> 'none' then c.retention_by_second end as retention_by_second,
    c.retention_by_second_at as retention_by_second_at,
    e.retention_by_second as retention_by_second_level,
    coalesce(e.retention_by_second_why, case when c.subject is null or s.unread = 5 then s.unread when c.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as retention_by_second_why
  from scope_posts s
  join post_access e on e.access = s.access and e.basis = s.basis
  left join post_latest l on l.subject = s.post
  left join post_lists c on c.subject = s.post
),
by_post as (
  select
    r.post,
    r.post_name,
    cast(sum(r.views) as bigint) as views,
    count(r.views) as views_n,
    count(*) as views_of,
    min(r.views_at) filter (where r.views is not null) as views_at,
    max(r.views_at) filter (where r.views is not null) as views_newest,
    count(r.views) filter (where r.views_level = 'limited') as views_limited,
    min(r.views_why) filter (where r.views is null) as views_why,
    case when count(r.retention_by_second) = 1 then min(r.retention_by_second) end as retention_by_second,
    count(r.retention_by_second) as retention_by_second_n,
    count(*) as retention_by_second_of,
    min(r.retention_by_second_at) filter (where r.retention_by_second is not null) as retention_by_second_at,
    max(r.retention_by_second_at) filter (where r.retention_by_second is not null) as retention_by_second_newest,
    count(r.retention_by_second) filter (where r.retention_by_second_level = 'limited') as retention_by_second_limited,
    min(r.retention_by_second_why) filter (where r.retention_by_second is null) as retention_by_second_why
  from post_rows r
  group by r.post, r.post_name
),
keys as (
  select post, post_name from by_post
)
select
  k.post,
  k.post_name,
  p.views, p.views_n, p.views_of, p.views_at, p.views_newest, p.views_limited, p.views_why,
  p.retention_by_second, p.retention_by_second_n, p.retention_by_second_of, p.retention_by_second_at, p.retention_by_second_newest, p.retention_by_second_limited, p.retention_by_second_why
from keys k
left join by_post p on p.post = k.post
order by p.views desc nulls last, k.post
limit 10
