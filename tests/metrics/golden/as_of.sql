-- followers@1, posts@1 by creator, as known at 2026-03-05 00:00:00 UTC
-- *_latest: the newest readings up to timestamp '2026-03-05 00:00:00'
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
  where a.created_at <= timestamp '2026-03-05 00:00:00'
),
scope_posts as (
  select p.post, p.basis, p.posted_at, p.first_seen_at, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
  where p.first_seen_at <= timestamp '2026-03-05 00:00:00'
),
post_rows as (
  select
    s.creator,
    s.creator_name,
    case when e.posts <> 'none' then 1 end as posts,
    s.first_seen_at as posts_at,
    e.posts as posts_level,
    coalesce(e.posts_why, s.unread) as posts_why
  from scope_posts s
  join post_access e on e.access = s.access and e.basis = s.basis
),
by_post as (
  select
    r.creator,
    r.creator_name,
    cast(sum(r.posts) as bigint) as posts,
    count(r.posts) as posts_n,
    count(r.posts) as posts_of,
    min(r.posts_at) filter (where r.posts is not null) as posts_at,
    max(r.posts_at) filter (where r.posts is not null) as posts_newest,
    count(r.posts) filter (where r.posts_level = 'limited') as posts_limited,
    min(r.posts_why) filter (where r.posts is null) as posts_why
  from post_rows r
  group by r.creator, r.creator_name
),
account_rows as (
  select
    s.creator,
    s.creator_name,
    case when e.followers <> 'none' then l.followers end as followers,
    l.followers_at as followers_at,
    e.followers as followers_level,
    coalesce(e.followers_why, case when l.subject is null or s.unread = 5 then s.unread else 7 end) as followers_why
  from scope_accounts s
  join account_access e on e.access = s.access
  left join account_latest l on l.subject = s.account
),
by_account as (
  select
    r.creator,
    r.creator_name,
    cast(sum(r.followers) as bigint) as followers,
    count(r.followers) as followers_n,
    count(*) as followers_of,
    min(r.followers_at) filter (where r.followers is not null) as followers_at,
    max(r.followers_at) filter (where r.followers is not null) as followers_newest,
    count(r.followers) filter (where r.followers_level = 'limited') as followers_limited,
    min(r.followers_why) filter (where r.followers is null) as followers_why
  from account_rows r
  group by r.creator, r.creator_name
),
keys as (
  select creator, creator_name, min(unread) as unread
  from scope_accounts
  group by creator, creator_name
)
select
  k.creator,
  k.creator_name,
  k.unread,
  p.posts, p.posts_n, p.posts_of, p.posts_at, p.posts_newest, p.posts_limited, p.posts_why,
  a.followers, a.followers_n, a.followers_of, a.followers_at, a.followers_newest, a.followers_limited, a.followers_why
from keys k
left join by_post p on p.creator = k.creator
left join by_account a on a.creator = k.creator
order by k.creator_name, k.creator
