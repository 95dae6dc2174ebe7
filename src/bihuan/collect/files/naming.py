"""What column names usually mean, in English and Chinese: the vocabulary of the mapping guess."""

from __future__ import annotations

import re

# Names are compared in lower case without blanks, ``_``, ``-``, ``.`` and ``$``. Earlier is better.
PERSON_NAMES = (
    "distinctid", "userid", "customerid", "personid", "memberid", "buyerid", "visitorid", "uid",
    "accountid",
    "householdid", "householdkey", "clientid", "consumerid", "profileid", "customeruniqueid", "openid",
    "unionid",
    "user", "customer", "member", "buyer", "cookieid", "deviceid", "anonymousid", "actorid", "actorlogin",
    "leadid", "mqlid", "contactid", "patientid", "studentid", "employeeid", "email", "phone", "mobile",
    "用户id", "用户编号", "用户标识", "会员id", "会员编号", "会员号", "会员卡号", "客户id", "客户编号",
    "买家id",
    "买家会员名", "买家昵称", "顾客id", "用户", "会员", "客户", "手机号", "手机号码", "手机", "邮箱",
    "设备id", "账号", "用户名",
)  # fmt: skip
ANONYMOUS_NAMES = ("anonymousid", "deviceid", "cookieid", "visitorid", "匿名id", "设备id")
EVENT_NAMES = (
    "event", "eventname", "eventtype", "behavior", "behaviour", "behaviortype", "action", "actiontype",
    "activity",
    "eventid", "operation", "type",
    "事件", "事件名", "事件名称", "事件类型", "行为", "行为类型", "用户行为", "动作", "操作", "操作类型",
)  # fmt: skip
TIME_NAMES = (
    "time", "timestamp", "eventtime", "eventtimestamp", "ts", "datetime", "createdat", "createtime",
    "createdtime",
    "occurredat", "transactiontimestamp", "invoicedate", "orderdate", "ordertime", "orderpurchasetimestamp",
    "purchasedate", "transactiondate", "date", "day", "logtime", "visittime", "paytime", "paidat",
    "redemptiondate",
    "startdate", "firstcontactdate", "wondate", "signupdate", "registeredat", "updatedat",
    "时间", "事件时间", "发生时间", "日期", "下单时间", "订单创建时间", "订单付款时间", "付款时间",
    "支付时间", "创建时间", "订单时间",
    "交易时间", "交易日期", "购买时间", "购买日期", "访问时间", "操作时间", "注册时间", "时间戳",
    "订单日期",
)  # fmt: skip
CLOCK_NAMES = ("time", "hour", "clock", "timeofday", "时间", "时刻")
MESSAGE_NAMES = (
    "messageid", "insertid", "eventuuid", "uuid", "eventid", "logid", "recordid", "id",
    "消息id", "事件id", "日志id", "记录id", "流水号", "交易流水号",
)  # fmt: skip
# amounts that are already the value of the whole line
AMOUNT_NAMES = (
    "revenue", "amount", "totalamount", "total", "totalprice", "salesvalue", "sales", "dollarvalue",
    "paymentvalue",
    "payment", "paidamount", "orderamount", "ordervalue", "gmv", "spend", "value", "lineamount", "subtotal",
    "金额", "实付金额", "支付金额", "付款金额", "订单金额", "买家实际支付金额", "总金额", "总价", "销售额",
    "成交金额", "消费金额", "交易金额",
    "实付",
)  # fmt: skip
PRICE_NAMES = (
    "unitprice",
    "price",
    "itemprice",
    "sellprice",
    "sellingprice",
    "单价",
    "价格",
    "商品单价",
    "售价",
)
QUANTITY_NAMES = (
    "quantity", "qty", "units", "count", "itemcount", "num", "numberofcds", "数量", "购买数量", "件数",
    "商品数量", "宝贝总数量",
)  # fmt: skip

STANDARD_NAMES: dict[str, tuple[str, ...]] = {
    "$order_id": (
        "orderid", "orderno", "ordernumber", "invoiceno", "invoice", "invoiceid", "basketid",
        "transactionid",
        "订单号", "订单编号", "订单id", "单号",
    ),
    "$product_id": (
        "productid", "itemid", "sku", "skuid", "stockcode", "asin", "goodsid", "商品id", "商品编号",
        "商品编码", "货号",
    ),
    "$product_name": (
        "productname", "itemname", "goodsname", "description", "商品名称", "商品标题", "商品", "产品名称",
    ),
    "$category": (
        "category", "categoryid", "productcategory", "categoryname", "品类", "类目", "商品类目",
        "商品类别", "类目id", "分类",
    ),
    "$quantity": QUANTITY_NAMES,
    "$price": PRICE_NAMES,
    "$currency": ("currency", "currencycode", "币种", "货币"),
    "$coupon": ("coupon", "couponcode", "couponid", "couponupc", "优惠券", "优惠码", "优惠券id"),
    "$country": ("country", "countrycode", "countryname", "国家"),
    "$region": ("region", "state", "province", "省份", "省", "地区"),
    "$city": ("city", "cityname", "城市"),
    "$url": ("url", "pageurl", "currenturl", "页面地址", "页面url"),
    "$path": ("path", "pagepath", "页面路径"),
    "$title": ("title", "pagetitle", "页面标题"),
    "$referrer": ("referrer", "referer", "来源页面", "来源地址"),
    "$utm_source": ("utmsource",),
    "$utm_medium": ("utmmedium",),
    "$utm_campaign": ("utmcampaign",),
    "$utm_term": ("utmterm",),
    "$utm_content": ("utmcontent",),
    "$browser": ("browser", "浏览器"),
    "$os": ("os", "operatingsystem", "platform", "操作系统", "平台"),
    "$device_type": ("devicetype", "设备类型"),
    "$device_brand": ("devicebrand", "brandofdevice", "手机品牌", "设备品牌"),
    "$device_model": ("devicemodel", "机型", "设备型号"),
    "$app_version": ("appversion", "版本号", "应用版本"),
    "$ip": ("ip", "ipaddress", "ip地址"),
    "$language": ("language", "lang", "语言"),
    "$search_query": ("searchquery", "keyword", "searchterm", "搜索词", "关键词"),
    "$duration_seconds": ("durationseconds", "durationsec", "停留秒数", "时长秒"),
}  # fmt: skip

PURCHASE_EVENT = "purchase"

_IGNORED = re.compile(r"[\s_\-.$（）()\[\]【】/]+")
_IDENTIFIER = re.compile(
    r"(?:^|[_\s.\-])(?:id|no|code|uuid|guid|key|upc|sku|zip|phone|mobile|number)s?$|(?<=[a-z])(?:Id|ID|No|Code)$|"
    r"(?:编号|编码|号|号码|id|ID)$"
)


def plain(name: str) -> str:
    """A column name without case, blanks and punctuation: ``Customer ID`` → ``customerid``."""
    return _IGNORED.sub("", name.lower())


def rank(name: str, known: tuple[str, ...]) -> int | None:
    """Where a column name stands in a list of known names; None when it is not there."""
    key = plain(name)
    return known.index(key) if key in known else None


def standard_name(name: str) -> str | None:
    """The standard property for a column name, or None."""
    key = plain(name)
    return next((standard for standard, names in STANDARD_NAMES.items() if key in names), None)


def looks_like_identifier(name: str) -> bool:
    """Whether a name says that its digits are a code, not a quantity."""
    return bool(_IDENTIFIER.search(name))


def event_from_file(file_name: str) -> str:
    """An event name from a file name: ``olist_closed_deals_dataset.csv.gz`` → ``olist_closed_deals``."""
    stem = file_name.partition(".")[0]
    stem = re.sub(
        r"(?i)[_\-\s]*(dataset|data|export|导出|master|20\d{6}|20\d\d[-_]\d\d([-_]\d\d)?)", "", stem
    )
    return re.sub(r"[\s\-]+", "_", stem).strip("_").lower() or "imported"
