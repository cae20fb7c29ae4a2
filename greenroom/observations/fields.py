"""The fields of each kind and who supplies them, as tables; `schema` says how to read them.

A line of fields: key, type, unit, row of the availability table ("-": none). A line of sources: surfaces with commas,
scope ("-": none), "late" when it takes days, then after ":" the fields, each with "=" and TikTok's name where that
differs. The later line wins: what the public profile gives needs no grant, so it stands last.
"""

ACCOUNT = """
user_name              text   -        user_name
display_name           text   -        display_name
profile_image          text   -        profile_image
creator_id             text   -        creator_id
profile_link           text   -        -
bio                    text   -        -
is_business            bool   -        -
is_verified            bool   -        -
country                text   -        -
followers              int    count    follower_count
following              int    count    -
likes                  int    count    like_count
posts                  int    count    video_count
avg_views              float  count    avg_views
median_views           float  count    -
engagement_rate        float  fraction engagement_rate
completion_rate        float  fraction completion_rate
six_seconds_views_rate float  fraction -
creator_rate           float  money    creator_rate
creator_rate_currency  text   -        creator_rate
audience_countries     shares fraction audience_countries
audience_genders       shares fraction audience_genders
audience_ages          shares fraction audience_ages
audience_locales       shares fraction audience_locales
audience_cities        shares fraction -
audience_devices       shares fraction -
audience_usages        shares fraction -
avg_likes              float  count    avg_likes
avg_comments           float  count    avg_comments
avg_shares             float  count    -
followers_growth       float  fraction followers_growth
legacy_avg_views       float  count    legacy_avg_views
legacy_followers       int    count    legacy_followers
total_posts            int    count    total_posts
follower_credibility   float  fraction follower_credibility
audience_reachability  float  fraction audience_reachability
audience_gender_age    shares fraction audience_gender_age
notable_followers      text   -        notable_followers
"""

ACCOUNT_SOURCES = """
accounts_api user.info.basic: display_name profile_image creator_id=open_id
accounts_api user.info.username: user_name=username
accounts_api user.info.profile: profile_link=profile_deep_link bio=bio_description is_verified
accounts_api user.info.stats: followers=followers_count following=following_count likes=total_likes posts=videos_count
accounts_api user.account.type: is_business=is_business_account
accounts_api user.insights late: audience_countries audience_genders audience_ages audience_cities
display_api user.info.basic: display_name profile_image=avatar_url creator_id=open_id
display_api user.info.profile: user_name=username profile_link=profile_deep_link bio=bio_description is_verified
display_api user.info.stats: followers=follower_count following=following_count likes=likes_count posts=video_count
marketplace_tto biz.creator.info: country=country_code
marketplace_tto biz.creator.insights: audience_countries audience_genders audience_ages audience_devices
marketplace_tto biz.creator.insights: audience_usages
marketplace_tcm biz.creator.info: country=location creator_rate=creator_rate.rate
marketplace_tcm biz.creator.info: creator_rate_currency=creator_rate.currency
marketplace_tcm biz.creator.insights: avg_views=average_views engagement_rate completion_rate six_seconds_views_rate
marketplace_tcm biz.creator.insights: avg_likes=average_likes avg_comments=average_comments avg_shares=average_shares
marketplace_tcm biz.creator.insights: followers_growth=followers_growth_rate audience_countries audience_genders
marketplace_tcm biz.creator.insights: audience_ages audience_locales audience_devices=audience_device
marketplace_tcm biz.creator.insights: audience_usages=audience_usage
marketplace_tto,marketplace_tcm -: user_name=handle_name display_name profile_image creator_id bio median_views
marketplace_tto,marketplace_tcm -: followers=followers_count following=following_count likes=likes_count
marketplace_tto,marketplace_tcm -: posts=videos_count
marketplace_tto -: engagement_rate creator_rate=creator_price creator_rate_currency=currency
file -: user_name display_name profile_link bio country followers following likes posts avg_views median_views
file -: engagement_rate completion_rate creator_rate creator_rate_currency avg_likes avg_comments avg_shares
file -: audience_countries audience_genders audience_ages audience_cities
legacy -: user_name display_name profile_image creator_id followers posts avg_views engagement_rate
legacy -: audience_countries audience_genders audience_ages avg_likes avg_comments followers_growth total_posts
legacy -: legacy_avg_views legacy_followers follower_credibility audience_reachability audience_gender_age
legacy -: notable_followers
"""

ACCOUNT_DAY = """
date                  date  -     -
followers             int   count -
video_views           int   count -
unique_video_views    int   count -
profile_views         int   count -
likes                 int   count -
comments              int   count -
shares                int   count -
daily_total_followers int   count -
daily_new_followers   int   count -
daily_lost_followers  int   count -
engaged_audience      int   count -
bio_link_clicks       int   count -
email_clicks          int   count -
phone_number_clicks   int   count -
address_clicks        int   count -
lead_submissions      int   count -
app_download_clicks   int   count -
posts                 int   count -
audience_activity     hours count -
"""

ACCOUNT_DAY_SOURCES = """
accounts_api user.insights late: date followers=followers_count video_views unique_video_views profile_views likes
accounts_api user.insights late: comments shares daily_total_followers daily_new_followers daily_lost_followers
accounts_api user.insights late: engaged_audience bio_link_clicks email_clicks phone_number_clicks address_clicks
accounts_api user.insights late: lead_submissions app_download_clicks audience_activity
file -: date followers video_views unique_video_views profile_views likes comments shares daily_total_followers
file -: daily_new_followers daily_lost_followers engaged_audience bio_link_clicks posts
"""

POST = """
views                 int    count    video_views
likes                 int    count    likes
comments              int    count    comments
shares                int    count    shares
favorites             int    count    -
engagements           int    count    total_engagements
engagement_rate       float  fraction engagement_rate
reach                 int    count    reach
total_play_time       float  seconds  total_play_time
avg_play_time         float  seconds  avg_play_time
video_completion_rate float  fraction video_completion_rate
video_view_retention  float  fraction video_view_retention
retention_by_second   curve  fraction retention_by_second
audience_ages         shares fraction audience_age
audience_genders      shares fraction audience_gender
audience_countries    shares fraction audience_country
audience_cities       shares fraction audience_geography
audience_types        shares fraction -
impression_sources    shares fraction -
likes_by_second       curve  fraction -
new_followers         int    count    -
profile_views         int    count    -
website_clicks        int    count    -
phone_number_clicks   int    count    -
lead_submissions      int    count    -
app_download_clicks   int    count    -
email_clicks          int    count    -
address_clicks        int    count    -
views_organic         int    count    video_views
views_paid            int    count    video_views
likes_organic         int    count    likes
likes_paid            int    count    likes
comments_organic      int    count    comments
comments_paid         int    count    comments
shares_organic        int    count    shares
shares_paid           int    count    shares
ad_cost               float  money    -
ad_impressions        int    count    -
ad_clicks             int    count    -
"""

POST_SOURCES = """
accounts_api video.list late: views=video_views likes comments shares favorites reach
accounts_api video.insights late: total_play_time=total_time_watched avg_play_time=average_time_watched
accounts_api video.insights late: video_completion_rate=full_video_watched_rate
accounts_api video.insights late: retention_by_second=video_view_retention
accounts_api video.insights late: audience_genders audience_countries audience_cities audience_types
accounts_api video.insights late: impression_sources
accounts_api video.insights late: likes_by_second=engagement_likes new_followers profile_views website_clicks
accounts_api video.insights late: phone_number_clicks lead_submissions app_download_clicks email_clicks address_clicks
display_api video.list: views=view_count likes=like_count comments=comment_count shares=share_count
marketplace_tcm biz.creator.info: engagements=engagement_count engagement_rate
marketplace_tto,marketplace_tcm -: views=video_views likes comments shares favorites
order_report - late: views=video_views likes comments shares favorites engagements=engagement_count engagement_rate
order_report - late: reach total_play_time avg_play_time=average_view_time video_completion_rate video_view_retention
order_report - late: retention_by_second=video_view_retention audience_ages=audience_age_distribution
order_report - late: audience_genders=audience_genders_distribution audience_cities=audience_locale_distribution
order_report - late: audience_countries=audience_countries_distribution impression_sources=video_views_by_source
order_report - late: views_organic=video_views_organic views_paid=video_views_paid likes_organic likes_paid
order_report - late: comments_organic comments_paid shares_organic shares_paid ad_cost ad_impressions ad_clicks
legacy -: views likes comments shares engagements engagement_rate
file -: views likes comments shares favorites reach total_play_time avg_play_time video_completion_rate
file -: new_followers profile_views website_clicks
"""
