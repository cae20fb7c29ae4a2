-- views@1, followers@1 by account, day
-- *_latest: the newest readings up to timestamp '2026-03-07 23:59:59.999999'
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
scope_posts as (
  select p.post, p.basis, p.posted_at, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
  where p.posted_at < timestamp '2026-03-08 00:00:00'
),
post_seen as (
  select r.subject, 'views' as field, r.observed_at, max(r.views) as reading, s.posted_at, s.official_since
  from post_readings r join scope_posts s on s.post = r.subject
  where r.views is not null and r.observed_at < timestamp '2026-03-08 00:00:00'
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
    date_trunc('day', observed_at) as day,
    max(observed_at) as observed_at,
    count(*) filter (where field = 'views') as views_seen,
    sum(gain) filter (where field = 'views') as views,
    max(observed_at) filter (where field = 'views' and gain is not null) as views_at
  from post_steps
  where observed_at >= timestamp '2026-03-01 00:00:00'
  group by subject, date_trunc('day', observed_at)
),
post_periods as (
  select distinct day from post_gains
),
post_rows as (
  select
    s.account,
    s.account_name,
    d.day,
    case when e.views <> 'none' then g.views end as views,
    g.views_at as views_at,
    e.views as views_level,
    coalesce(e.views_why, case when g.subject is null or s.unread = 5 then s.unread when g.views_seen > 0 then 6 else 7 end) as views_why
  from scope_posts s
  join post_periods d on s.posted_at < d.day + interval '1' day
  join post_access e on e.access = s.access and e.basis = s.basis
  left join post_gains g on g.subject = s.post and g.day = d.day
),
by_post as (
  select
    r.account,
    r.account_name,
    r.day,
    cast(sum(r.views) as bigint) as views,
    count(r.views) as views_n,
    count(*) as views_of,
    min(r.views_at) filter (where r.views is not null) as views_at,
    max(r.views_at) filter (where r.views is not null) as views_newest,
    count(r.views) filter (where r.views_level = 'limited') as views_limited,
    min(r.views_why) filter (where r.views is null) as views_why
  from post_rows r
  group by r.account, r.account_name, r.day
),
account_read as (
  select r.subject, 'followers' as field, r.observed_at, max(r.followers) as reading
  from account_readings r join scope_accounts s on s.account = r.subject
  where r.followers is not null and r.observed_at < timestamp '2026-03-08 00:00:00'
  group by r.subject, r.observed_at
),
account_nth as (
  select subject, field, date_trunc('day', observed_at) as day, observed_at, reading,
    row_number() over (partition by subject, field, date_trunc('day', observed_at) order by observed_at desc) as nth
  from account_read
  where observed_at >= timestamp '2026-03-01 00:00:00'
),
account_last as (
  select
    subject,
    day,
    max(observed_at) as observed_at,
    max(reading) filter (where field = 'followers') as followers,
    max(observed_at) filter (where field = 'followers') as followers_at
  from account_nth
  where nth = 1
  group by subject, day
),
account_periods as (
  select distinct day from account_last
),
account_rows as (
  select
    s.account,
    s.account_name,
    d.day,
    case when e.followers <> 'none' then l.followers end as followers,
    l.followers_at as followers_at,
    e.followers as followers_level,
    coalesce(e.followers_why, case when l.subject is null or s.unread = 5 then s.unread else 7 end) as followers_why
  from scope_accounts s
  cross join account_periods d
  join account_access e on e.access = s.access
  left join account_last l on l.subject = s.account and l.day = d.day
),
by_account as (
  select
    r.account,
    r.account_name,
    r.day,
    cast(sum(r.followers) as bigint) as followers,
    count(r.followers) as followers_n,
    count(*) as followers_of,
    min(r.followers_at) filter (where r.followers is not null) as followers_at,
    max(r.followers_at) filter (where r.followers is not null) as followers_newest,
    count(r.followers) filter (where r.followers_level = 'limited') as followers_limited,
    min(r.followers_why) filter (where r.followers is null) as followers_why
  from account_rows r
  group by r.account, r.account_name, r.day
),
keys as (
  select account, account_name, day from by_post where views_n > 0
  union
  select account, account_name, day from by_account where followers_n > 0
)
select
  k.account,
  k.account_name,
  k.day,
  p.views, p.views_n, p.views_of, p.views_at, p.views_newest, p.views_limited, p.views_why,
  a.followers, a.followers_n, a.followers_of, a.followers_at, a.followers_newest, a.followers_limited, a.followers_why
from keys k
left join by_post p on p.account = k.account and p.day = k.day
left join by_account a on a.account = k.account and a.day = k.day
order by k.account_name, k.day, k.account
