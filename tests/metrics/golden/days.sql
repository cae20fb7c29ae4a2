-- daily_views@1, daily_followers@1 by account
-- *_latest: the newest readings up to timestamp '2026-03-05 23:59:59.999999'
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
account_days_told as (
  select distinct r.subject from account_days r
),
account_day_rows as (
  select
    s.account,
    s.account_name,
    case when e.daily_views <> 'none' then l.video_views end as daily_views,
    l.video_views_at as daily_views_at,
    e.daily_views as daily_views_level,
    coalesce(e.daily_views_why, case when t.subject is null or s.unread = 5 then s.unread when l.observed_at < l.date + interval '1' day + interval '48' hour then 6 else 7 end) as daily_views_why,
    case when e.daily_followers <> 'none' then l.followers end as daily_followers,
    row_number() over (partition by s.account order by case when l.followers is null then 1 else 0 end, c.day desc) as daily_followers_nth,
    l.followers_at as daily_followers_at,
    e.daily_followers as daily_followers_level,
    coalesce(e.daily_followers_why, case when t.subject is null or s.unread = 5 then s.unread when l.observed_at < l.date + interval '1' day + interval '48' hour then 6 else 7 end) as daily_followers_why
  from scope_accounts s
  join account_day_access e on e.access = s.access
  cross join calendar c
  left join account_days l on l.subject = s.account and l.date = c.date
  left join account_days_told t on t.subject = s.account
  where c.day >= timestamp '2026-03-01 00:00:00' and c.day < timestamp '2026-03-06 00:00:00' and (c.due or l.subject is not null)
),
by_account_day as (
  select
    r.account,
    r.account_name,
    cast(sum(r.daily_views) as bigint) as daily_views,
    count(r.daily_views) as daily_views_n,
    count(*) as daily_views_of,
    min(r.daily_views_at) filter (where r.daily_views is not null) as daily_views_at,
    max(r.daily_views_at) filter (where r.daily_views is not null) as daily_views_newest,
    count(r.daily_views) filter (where r.daily_views_level = 'limited') as daily_views_limited,
    min(r.daily_views_why) filter (where r.daily_views is null) as daily_views_why,
    cast(sum(case when r.daily_followers_nth = 1 then r.daily_followers end) as bigint) as daily_followers,
    count(case when r.daily_followers_nth = 1 then r.daily_followers end) as daily_followers_n,
    count(*) filter (where r.daily_followers_nth = 1) as daily_followers_of,
    min(r.daily_followers_at) filter (where case when r.daily_followers_nth = 1 then r.daily_followers end is not null) as daily_followers_at,
    max(r.daily_followers_at) filter (where case when r.daily_followers_nth = 1 then r.daily_followers end is not null) as daily_followers_newest,
    count(case when r.daily_followers_nth = 1 then r.daily_followers end) filter (where r.daily_followers_level = 'limited') as daily_followers_limited,
    min(r.daily_followers_why) filter (where case when r.daily_followers_nth = 1 then r.daily_followers end is null and r.daily_followers_nth = 1) as daily_followers_why
  from account_day_rows r
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
  d.daily_views, d.daily_views_n, d.daily_views_of, d.daily_views_at, d.daily_views_newest, d.daily_views_limited, d.daily_views_why,
  d.daily_followers, d.daily_followers_n, d.daily_followers_of, d.daily_followers_at, d.daily_followers_newest, d.daily_followers_limited, d.daily_followers_why
from keys k
left join by_account_day d on d.account = k.account
order by k.account_name, k.account
