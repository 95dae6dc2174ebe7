"""Facts: which sites and apps are search engines, social networks or mail, and what campaign mediums mean.

A domain stands for its subdomains unless a longer one is listed (``tieba.baidu.com`` is social though
``baidu.com`` is search).
"""

from __future__ import annotations

_SEARCH = """
    baidu.com sogou.com so.com 360.cn haosou.com sm.cn quark.cn so.toutiao.com soso.com youdao.com
    chinaso.com bing.com duckduckgo.com ecosia.org qwant.com startpage.com search.brave.com
    search.aol.com ask.com search.naver.com search.daum.net seznam.cz swisscows.com mojeek.com
    petalsearch.com dogpile.com perplexity.ai search.yahoo.com search.yahoo.co.jp coccoc.com metager.org
    kagi.com lycos.com presearch.com metaso.cn tiangong.cn
"""
_SOCIAL = """
    tieba.baidu.com zhidao.baidu.com weixin.qq.com mp.weixin.qq.com wx.qq.com work.weixin.qq.com
    servicewechat.com channels.weixin.qq.com qzone.qq.com weibo.com weibo.cn t.cn zhihu.com douyin.com
    iesdouyin.com v.douyin.com amemv.com xiaohongshu.com xhslink.com rednote.com bilibili.com b23.tv
    kuaishou.com gifshow.com toutiao.com ixigua.com douban.com tianya.cn hupu.com huputiyu.com v2ex.com
    juejin.cn csdn.net jianshu.com maimai.cn momo.com immomo.com kuaishouapp.com xueqiu.com nga.cn
    smzdm.com dewu.com facebook.com fb.com fb.me messenger.com instagram.com threads.net threads.com
    whatsapp.com wa.me twitter.com t.co x.com linkedin.com lnkd.in reddit.com redd.it youtube.com
    youtu.be tiktok.com pinterest.com pin.it tumblr.com snapchat.com telegram.org t.me telegram.me
    vk.com vk.ru ok.ru quora.com medium.com discord.com discord.gg mastodon.social bsky.app line.me
    kakao.com band.us twitch.tv vimeo.com flickr.com news.ycombinator.com producthunt.com
    stackoverflow.com stackexchange.com plurk.com mixi.jp
"""
_MAIL = """
    mail.qq.com exmail.qq.com wx.mail.qq.com mail.163.com mail.126.com mail.yeah.net qiye.163.com
    mail.sina.com.cn mail.sina.com mail.sohu.com mail.aliyun.com qiye.aliyun.com mail.139.com
    mail.10086.cn mail.189.cn mail.wo.cn mail.21cn.com mail.google.com inbox.google.com mail.yahoo.com
    mail.yahoo.co.jp outlook.live.com outlook.com outlook.office.com outlook.office365.com mail.live.com
    hotmail.com mail.aol.com mail.ru e.mail.ru mail.yandex.ru mail.yandex.com mail.proton.me
    mail.zoho.com mail.zoho.com.cn gmx.net gmx.com web.de mail.naver.com mail.daum.net fastmail.com
    webmail.freenet.de icloud.com
"""


def _kinds(**lists: str) -> dict[str, str]:
    return {domain: kind for kind, listed in lists.items() for domain in listed.split()}


SITES: dict[str, str] = _kinds(search=_SEARCH, social=_SOCIAL, mail=_MAIL)

# Sites with a domain for each country: google.com.hk, yandex.kz.
SITES_OF_MANY_COUNTRIES: dict[str, str] = {
    "google": "search",
    "yandex": "search",
    "yahoo": "search",
    "ask": "search",
    "pinterest": "social",
}

# Packages behind android-app:// referrers.
APPS: dict[str, str] = {
    "com.google.android.googlequicksearchbox": "search",
    "com.baidu.searchbox": "search",
    "com.baidu.searchbox.lite": "search",
    "com.quark.browser": "search",
    "com.google.android.gm": "mail",
    "com.tencent.androidqqmail": "mail",
    "com.netease.mail": "mail",
    "com.microsoft.office.outlook": "mail",
    "com.tencent.mm": "social",
    "com.tencent.mobileqq": "social",
    "com.tencent.wework": "social",
    "com.sina.weibo": "social",
    "com.zhihu.android": "social",
    "com.ss.android.ugc.aweme": "social",
    "com.ss.android.article.news": "social",
    "com.xingin.xhs": "social",
    "tv.danmaku.bili": "social",
    "com.smile.gifmaker": "social",
    "com.douban.frodo": "social",
    "com.facebook.katana": "social",
    "com.facebook.orca": "social",
    "com.instagram.android": "social",
    "com.twitter.android": "social",
    "com.linkedin.android": "social",
    "com.reddit.frontpage": "social",
    "com.slack": "social",
    "org.telegram.messenger": "social",
    "com.zhiliaoapp.musically": "social",
}

# Words that marketers put into utm_source.
SOURCES: dict[str, str] = _kinds(
    search="""
    baidu 百度 sogou 搜狗 360 so haosou shenma 神马 sm quark 夸克 google bing yahoo yandex duckduckgo
    """,
    social="""
    weixin wechat 微信 gongzhonghao 公众号 mp pengyouquan 朋友圈 moments qywx wecom 企业微信 weibo 微博
    zhihu 知乎 douyin 抖音 xiaohongshu xhs 小红书 rednote bilibili b站 哔哩哔哩 kuaishou 快手 toutiao 头条
    qq qzone tieba 贴吧 douban 豆瓣 facebook fb instagram ig twitter x linkedin reddit youtube tiktok
    pinterest telegram whatsapp line threads discord
    """,
    mail="email e-mail mail newsletter edm 邮件 mailchimp sendgrid",
)

# Words that marketers put into utm_medium.
MEDIUMS: dict[str, str] = _kinds(
    paid="cpc ppc cpm cpa cpv cpl cpt ocpc ocpm sem banner display ads ad feed 竞价 付费 信息流 开屏",
    mail="email e-mail mail newsletter edm 邮件",
    social="social social-media social-network sns sm 社交 社媒 社群 朋友圈 公众号",
    search="organic search seo organic-search 搜索 自然搜索",
    referral="referral affiliate affiliates partner link 推荐 外链",
)
