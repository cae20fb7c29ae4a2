-- daily_views@1, views@1 by day
-- *_latest: the newest readings up to timestamp '2026-03-05 23:59:59.999999'
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
scope_posts as (
  select p.post, p.basis, p.posted_at, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
  where p.posted_at < timestamp '2026-03-06 00:00:00'
),
post_seen as (
  select r.subject, 'views' as field, r.observed_at, max(r.views) as reading, s.posted_at, s.official_since
  from post_readings r join scope_posts s on s.post = r.subject
  where r.views is not null and r.observed_at < timestamp '2026-03-06 00:00:00'
  group by r.subject, r.observed_at, s.posted_at, s.official_since
),
post_steps as (
  select subject, field, observed_at,
    reading - coalesce(lag(reading) over (partition by subject, field order by observed_at), case when posted_at >= timestamp '2026-03-01 00:00:00' and posted_at >= official_since then 0 end) as gain
  from post_seen
),
post_gains as (
  select
    subject,
    date_trunc('week', observed_at) as day,
    max(observed_at) as observed_at,
    count(*) filter (where field = 'views') as views_seen,
    sum(gain) filter (where field = 'views') as views,
    max(observed_at) filter (where field = 'views' and gain is not null) as views_at
  from post_steps
  where observed_at >= timestamp '2026-03-01 00:00:00'
  group by subject, date_trunc('week', observed_at)
),
post_periods as (
  select distinct day from post_gains
),
post_rows as (
  select
    d.day,
    case when e.views <> 'none' then g.views end as views,
    g.views_at as views_at,
    e.views as views_level,
    coalesce(e.views_why, case when g.subject is null or s.unread = 5 then s.unread when g.views_seen > 0 then 6 else 7 end) as views_why
  from scope_posts s
  join post_periods d on s.posted_at < d.day + interval '7' day
  join post_access e on e.access = s.access and e.basis = s.basis
  left join post_gains g on g.subject = s.post and g.day = d.day
),
by_post as (
  select
    r.day,
    cast(sum(r.views) as bigint) as views,
    count(r.views) as views_n,
    count(*) as views_of,
    min(r.views_at) filter (where r.views is not null) as views_at,
    max(r.views_at) filter (where r.views is not null) as views_newest,
    count(r.views) filter (where r.views_level = 'limited') as views_limited,
    min(r.views_why) filter (where r.views is null) as views_why
  from post_rows r
  group by r.day
),
account_days_told as (
  select distinct r.subject from account_days r
),
account_day_rows as (
  select
    date_trunc('week', c.day) as day,
    case when e.daily_views <> 'none' then l.video_views end as daily_views,
    l.video_views_at as daily_views_at,
    e.daily_views as daily_views_level,
    coalesce(e.daily_views_why, case when t.subject is null or s.unread = 5 then s.unread when l.observed_at < l.date + interval '1' day + interval '48' hour then 6 else 7 end) as daily_views_why
  from scope_accounts s
  join account_day_access e on e.access = s.access
  cross join calendar c
  left join account_days l on l.subject = s.account and l.date = c.date
  left join account_days_told t on t.subject = s.account
  where c.day >= timestamp '2026-03-01 00:00:00' and c.day < timestamp '2026-03-06 00:00:00' and (c.due or l.subject is not null)
),
by_account_day as (
  select
    r.day,
    cast(sum(r.daily_views) as bigint) as daily_views,
    count(r.daily_views) as daily_views_n,
    count(*) as daily_views_of,
    min(r.daily_views_at) filter (where r.daily_views is not null) as daily_views_at,
    max(r.daily_views_at) filter (where r.daily_views is not null) as daily_views_newest,
    count(r.daily_views) filter (where r.daily_views_level = 'limited') as daily_views_limited,
    min(r.daily_views_why) filter (where r.daily_views is null) as daily_views_why
  from account_day_rows r
  group by r.day
),
keys as (
  select day from by_post where views_n > 0
  union
  select day from by_account_day where daily_views_n > 0
)
select
  k.day,
  p.views, p.views_n, p.views_of, p.views_at, p.views_newest, p.views_limited, p.views_why,
  d.daily_views, d.daily_views_n, d.daily_views_of, d.daily_views_at, d.daily_views_newest, d.daily_views_limited, d.daily_views_why
from keys k
left join by_post p on p.day = k.day
left join by_account_day d on d.day = k.day
order by k.day
