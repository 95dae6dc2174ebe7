import {
  CreditCardOutlined,
  EyeOutlined,
  GiftOutlined,
  LoginOutlined,
  MailOutlined,
  SearchOutlined,
  ShareAltOutlined,
  ShoppingCartOutlined,
  StarOutlined,
  ThunderboltOutlined,
  UserAddOutlined,
} from "@/components/icons";
import { theme } from "antd";
import type { ReactNode } from "react";

// By words in the event's name; the first that fits.
const ICONS: [RegExp, ReactNode][] = [
  [/page_?view|screen|view|visit|browse|浏览|访问|查看/i, <EyeOutlined key="view" />],
  [/sign_?up|register|join|注册|加入/i, <UserAddOutlined key="join" />],
  [/log_?in|session|sign_?in|登录|启动/i, <LoginOutlined key="login" />],
  [/cart|basket|加购|购物车/i, <ShoppingCartOutlined key="cart" />],
  [/purchase|order|pay|checkout|buy|下单|支付|付款|购买|订单/i, <CreditCardOutlined key="pay" />],
  [/search|搜索/i, <SearchOutlined key="search" />],
  [/mail|message|push|sms|sent|邮件|短信|推送|触达/i, <MailOutlined key="mail" />],
  [/coupon|reward|gift|redeem|优惠|券|奖励/i, <GiftOutlined key="gift" />],
  [/share|invite|refer|分享|邀请/i, <ShareAltOutlined key="share" />],
  [/like|favou?rite|star|rate|collect|收藏|点赞|评价/i, <StarOutlined key="star" />],
];

/** A mark that tells kinds of events apart at a glance. */
export function EventIcon({ name }: { name: string }) {
  const { token } = theme.useToken();
  const icon = ICONS.find(([words]) => words.test(name))?.[1] ?? <ThunderboltOutlined />;
  return (
    <span
      aria-hidden
      style={{ display: "grid", placeItems: "center", width: 24, height: 24, flex: "none", borderRadius: 12, fontSize: 12, color: token.colorLink, background: token.colorBgContainer, border: `1px solid ${token.colorBorder}` }}
    >
      {icon}
    </span>
  );
}
