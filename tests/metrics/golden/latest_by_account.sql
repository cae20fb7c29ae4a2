-- followers@1, views@1, engagement_rate_views_lcs@1, posts@1 by account
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
scope_posts as (
  select p.post, p.basis, p.posted_at, p.first_seen_at, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
),
post_rows as (
  select
    s.account,
    s.account_name,
    case when e.views <> 'none' then l.views end as views,
    l.views_at as views_at,
    e.views as views_level,
    coalesce(e.views_why, case when l.subject is null or s.unread = 5 then s.unread when l.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as views_why,
    case when e.engagement_rate <> 'none' and l.views is not null then l.likes + l.comments + l.shares end as engagement_rate_top,
    case when e.engagement_rate <> 'none' and l.likes + l.comments + l.shares is not null then l.views end as engagement_rate_bottom,
    least(l.likes_at, l.comments_at, l.shares_at, l.views_at) as engagement_rate_at,
    e.engagement_rate as engagement_rate_level,
    coalesce(e.engagement_rate_why, case when l.subject is null or s.unread = 5 then s.unread when l.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as engagement_rate_why,
    case when e.posts <> 'none' then 1 end as posts,
    s.first_seen_at as posts_at,
    e.posts as posts_level,
    coalesce(e.posts_why, s.unread) as posts_why
  from scope_posts s
  join post_access e on e.access = s.access and e.basis = s.basis
  left join post_latest l on l.subject = s.post
),
by_post as (
  select
    r.account,
    r.account_name,
    cast(sum(r.views) as bigint) as views,
    count(r.views) as views_n,
    count(*) as views_of,
    min(r.views_at) filter (where r.views is not null) as views_at,
    max(r.views_at) filter (where r.views is not null) as views_newest,
    count(r.views) filter (where r.views_level = 'limited') as views_limited,
    min(r.views_why) filter (where r.views is null) as views_why,
    case when sum(r.engagement_rate_bottom) <> 0 then 1e0 * sum(r.engagement_rate_top) / sum(r.engagement_rate_bottom) end as engagement_rate,
    count(r.engagement_rate_top) as engagement_rate_n,
    count(*) as engagement_rate_of,
    min(r.engagement_rate_at) filter (where r.engagement_rate_top is not null) as engagement_rate_at,
    max(r.engagement_rate_at) filter (where r.engagement_rate_top is not null) as engagement_rate_newest,
    count(r.engagement_rate_top) filter (where r.engagement_rate_level = 'limited') as engagement_rate_limited,
    min(r.engagement_rate_why) filter (where r.engagement_rate_top is null) as engagement_rate_why,
    sum(r.engagement_rate_top) as engagement_rate_top,
    sum(r.engagement_rate_bottom) as engagement_rate_bottom,
    cast(sum(r.posts) as bigint) as posts,
    count(r.posts) as posts_n,
    count(r.posts) as posts_of,
    min(r.posts_at) filter (where r.posts is not null) as posts_at,
    max(r.posts_at) filter (where r.posts is not null) as posts_newest,
    count(r.posts) filter (where r.posts_level = 'limited') as posts_limited,
    min(r.posts_why) filter (where r.posts is null) as posts_why
  from post_rows r
  group by r.account, r.account_name
),
account_rows as (
  select
    s.account,
    s.account_name,
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
    r.account,
    r.account_name,
    cast(sum(r.followers) as bigint) as followers,
    count(r.followers) as followers_n,
    count(*) as followers_of,
    min(r.followers_at) filter (where r.followers is not null) as followers_at,
    max(r.followers_at) filter (where r.followers is not null) as followers_newest,
    count(r.followers) filter (where r.followers_level = 'limited') as followers_limited,
    min(r.followers_why) filter (where r.followers is null) as followers_why
  from account_rows r
  group by r.account, r.account_name
),
keys as (
  select account, account_name, min(unread) as unread
  from scope_accounts
  group by account, account_name
)
select
  k.account,
  k.account_name,
  k.unread,
  p.views, p.views_n, p.views_of, p.views_at, p.views_newest, p.views_limited, p.views_why,
  p.engagement_rate, p.engagement_rate_n, p.engagement_rate_of, p.engagement_rate_at, p.engagement_rate_newest, p.engagement_rate_limited, p.engagement_rate_why, p.engagement_rate_top, p.engagement_rate_bottom,
  p.posts, p.posts_n, p.posts_of, p.posts_at, p.posts_newest, p.posts_limited, p.posts_why,
  a.followers, a.followers_n, a.followers_of, a.followers_at, a.followers_newest, a.followers_limited, a.followers_why
from keys k
left join by_post p on p.account = k.account
left join by_account a on a.account = k.account
order by k.account_name, k.account
