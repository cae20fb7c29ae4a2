-- mean_of_engagement_rate_views_lcs@1, completion_rate_views_weighted@1, derived_avg_likes@1
-- *_why: 1 unsupported_account, 2 not_in_entitlement, 3 scope_missing, 4 purged, 5 fetch_failed, 6 not_yet_available, 7 provider_omitted, 8 zero_denominator, 9 not_additive, 10 not_boosted, 11 baseline_frozen, 12 not_read
with scope_accounts as (
  select a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from accounts a
),
scope_posts as (
  select p.post, p.basis, p.posted_at, a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since
  from posts p join accounts a on a.account = p.account
),
post_rows as (
  select
    case when e.mean_engagement_rate <> 'none' then case when l.views <> 0 then 1e0 * (l.likes + l.comments + l.shares) / l.views end end as mean_engagement_rate,
    least(l.likes_at, l.comments_at, l.shares_at, l.views_at) as mean_engagement_rate_at,
    e.mean_engagement_rate as mean_engagement_rate_level,
    coalesce(e.mean_engagement_rate_why, case when l.views = 0 then 8 when l.subject is null or s.unread = 5 then s.unread when l.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as mean_engagement_rate_why,
    case when e.video_completion_rate <> 'none' and l.views is not null then l.video_completion_rate * l.views end as video_completion_rate_top,
    case when e.video_completion_rate <> 'none' and l.video_completion_rate * l.views is not null then l.views end as video_completion_rate_bottom,
    least(l.video_completion_rate_at, l.views_at) as video_completion_rate_at,
    e.video_completion_rate as video_completion_rate_level,
    coalesce(e.video_completion_rate_why, case when l.subject is null or s.unread = 5 then s.unread when l.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as video_completion_rate_why,
    case when e.derived_avg_likes <> 'none' then l.likes end as derived_avg_likes,
    l.likes_at as derived_avg_likes_at,
    e.derived_avg_likes as derived_avg_likes_level,
    coalesce(e.derived_avg_likes_why, case when l.subject is null or s.unread = 5 then s.unread when l.observed_at < s.posted_at + interval '48' hour then 6 else 7 end) as derived_avg_likes_why
  from scope_posts s
  join post_access e on e.access = s.access and e.basis = s.basis
  left join post_latest l on l.subject = s.post
),
by_post as (
  select
    avg(1e0 * r.mean_engagement_rate) as mean_engagement_rate,
    count(r.mean_engagement_rate) as mean_engagement_rate_n,
    count(*) as mean_engagement_rate_of,
    min(r.mean_engagement_rate_at) filter (where r.mean_engagement_rate is not null) as mean_engagement_rate_at,
    max(r.mean_engagement_rate_at) filter (where r.mean_engagement_rate is not null) as mean_engagement_rate_newest,
    count(r.mean_engagement_rate) filter (where r.mean_engagement_rate_level = 'limited') as mean_engagement_rate_limited,
    min(r.mean_engagement_rate_why) filter (where r.mean_engagement_rate is null) as mean_engagement_rate_why,
    case when sum(r.video_completion_rate_bottom) <> 0 then 1e0 * sum(r.video_completion_rate_top) / sum(r.video_completion_rate_bottom) end as video_completion_rate,
    count(r.video_completion_rate_top) as video_completion_rate_n,
    count(*) as video_completion_rate_of,
    min(r.video_completion_rate_at) filter (where r.video_completion_rate_top is not null) as video_completion_rate_at,
    max(r.video_completion_rate_at) filter (where r.video_completion_rate_top is not null) as video_completion_rate_newest,
    count(r.video_completion_rate_top) filter (where r.video_completion_rate_level = 'limited') as video_completion_rate_limited,
    min(r.video_completion_rate_why) filter (where r.video_completion_rate_top is null) as video_completion_rate_why,
    sum(r.video_completion_rate_top) as video_completion_rate_top,
    sum(r.video_completion_rate_bottom) as video_completion_rate_bottom,
    avg(1e0 * r.derived_avg_likes) as derived_avg_likes,
    count(r.derived_avg_likes) as derived_avg_likes_n,
    count(*) as derived_avg_likes_of,
    min(r.derived_avg_likes_at) filter (where r.derived_avg_likes is not null) as derived_avg_likes_at,
    max(r.derived_avg_likes_at) filter (where r.derived_avg_likes is not null) as derived_avg_likes_newest,
    count(r.derived_avg_likes) filter (where r.derived_avg_likes_level = 'limited') as derived_avg_likes_limited,
    min(r.derived_avg_likes_why) filter (where r.derived_avg_likes is null) as derived_avg_likes_why
  from post_rows r
)
select
  (select max(unread) from scope_accounts) as unread,
  p.mean_engagement_rate, p.mean_engagement_rate_n, p.mean_engagement_rate_of, p.mean_engagement_rate_at, p.mean_engagement_rate_newest, p.mean_engagement_rate_limited, p.mean_engagement_rate_why,
  p.video_completion_rate, p.video_completion_rate_n, p.video_completion_rate_of, p.video_completion_rate_at, p.video_completion_rate_newest, p.video_completion_rate_limited, p.video_completion_rate_why, p.video_completion_rate_top, p.video_completion_rate_bottom,
  p.derived_avg_likes, p.derived_avg_likes_n, p.derived_avg_likes_of, p.derived_avg_likes_at, p.derived_avg_likes_newest, p.derived_avg_likes_limited, p.derived_avg_likes_why
from by_post p
