-- views@1, share_rate_views@1
-- *_latest: the newest readings up to timestamp '2026-03-07 23:59:59.999999'
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
scope_posts as (
  select p.post, p.basis, p.posted_at, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
  where p.basis in ('manual') and p.posted_at < timestamp '2026-03-08 00:00:00'
),
post_seen as (
  select r.subject, 'views' as field, r.observed_at, max(r.views) as reading, s.posted_at, s.official_since
  from post_readings r join scope_posts s on s.post = r.subject
  where r.views is not null and r.observed_at < timestamp '2026-03-08 00:00:00'
  group by r.subject, r.observed_at, s.posted_at, s.official_since
  union all
  select r.subject, 'shares' as field, r.observed_at, max(r.shares) as reading, s.posted_at, s.official_since
  from post_readings r join scope_posts s on s.post = r.subject
  where r.shares is not null and r.observed_at < timestamp '2026-03-08 00:00:00'
  group by r.subject, r.observed_at, s.posted_at, s.official_since
),
post_steps as (
  select subject, field, observed_at,
    reading - coalesce(lag(reading) over (partition by subject, field order by observed_at), case when posted_at >= timestamp '2026-03-01 00:00:00' then 0 end) as gain
  from post_seen
),
post_gains as (
  select
    subject,
    max(observed_at) as observed_at,
    count(*) filter (where field = 'views') as views_seen,
    sum(gain) filter (where field = 'views') as views,
    max(observed_at) filter (where field = 'views' and gain is not null) as views_at,
    count(*) filter (where field = 'shares') as shares_seen,
    sum(gain) filter (where field = 'shares') as shares,
    max(observed_at) filter (where field = 'shares' and gain is not null) as shares_at
  from post_steps
  where observed_at >= timestamp '2026-03-01 00:00:00'
  group by subject
),
post_rows as (
  select
    case when e.views <> 'none' then g.views end as views,
    g.views_at as views_at,
    e.views as views_level,
    coalesce(e.views_why, case when g.subject is null or s.unread = 5 then s.unread when g.views_seen > 0 then 6 else 7 end) as views_why,
    case when e.share_rate <> 'none' and g.views is not null then g.shares end as share_rate_top,
    case when e.share_rate <> 'none' and g.shares is not null then g.views end as share_rate_bottom,
    least(g.shares_at, g.views_at) as share_rate_at,
    e.share_rate as share_rate_level,
    coalesce(e.share_rate_why, case when g.subject is null or s.unread = 5 then s.unread when least(g.shares_seen, g.views_seen) > 0 then 6 else 7 end) as share_rate_why
  from scope_posts s
  join post_access e on e.access = s.access and e.basis = s.basis
  left join post_gains g on g.subject = s.post
),
by_post as (
  select
    cast(sum(r.views) as bigint) as views,
    count(r.views) as views_n,
    count(*) as views_of,
    min(r.views_at) filter (where r.views is not null) as views_at,
    max(r.views_at) filter (where r.views is not null) as views_newest,
    count(r.views) filter (where r.views_level = 'limited') as views_limited,
    min(r.views_why) filter (where r.views is null) as views_why,
    case when sum(r.share_rate_bottom) <> 0 then 1e0 * sum(r.share_rate_top) / sum(r.share_rate_bottom) end as share_rate,
    count(r.share_rate_top) as share_rate_n,
    count(*) as share_rate_of,
    min(r.share_rate_at) filter (where r.share_rate_top is not null) as share_rate_at,
    max(r.share_rate_at) filter (where r.share_rate_top is not null) as share_rate_newest,
    count(r.share_rate_top) filter (where r.share_rate_level = 'limited') as share_rate_limited,
    min(r.share_rate_why) filter (where r.share_rate_top is null) as share_rate_why,
    sum(r.share_rate_top) as share_rate_top,
    sum(r.share_rate_bottom) as share_rate_bottom
  from post_rows r
)
select
  (select max(unread) from scope_accounts) as unread,
  p.views, p.views_n, p.views_of, p.views_at, p.views_newest, p.views_limited, p.views_why,
  p.share_rate, p.share_rate_n, p.share_rate_of, p.share_rate_at, p.share_rate_newest, p.share_rate_limited, p.share_rate_why, p.share_rate_top, p.share_rate_bottom
from by_post p
