import {
  AimOutlined as AimOutlinedIcon,
  ApartmentOutlined as ApartmentOutlinedIcon,
  AppstoreAddOutlined as AppstoreAddOutlinedIcon,
  ArrowDownOutlined as ArrowDownOutlinedIcon,
  ArrowLeftOutlined as ArrowLeftOutlinedIcon,
  ArrowUpOutlined as ArrowUpOutlinedIcon,
  AuditOutlined as AuditOutlinedIcon,
  BarChartOutlined as BarChartOutlinedIcon,
  BellOutlined as BellOutlinedIcon,
  BulbOutlined as BulbOutlinedIcon,
  CalendarOutlined as CalendarOutlinedIcon,
  CheckOutlined as CheckOutlinedIcon,
  CloseOutlined as CloseOutlinedIcon,
  CloudUploadOutlined as CloudUploadOutlinedIcon,
  CodeOutlined as CodeOutlinedIcon,
  CopyOutlined as CopyOutlinedIcon,
  CreditCardOutlined as CreditCardOutlinedIcon,
  DashboardOutlined as DashboardOutlinedIcon,
  DeleteOutlined as DeleteOutlinedIcon,
  DownOutlined as DownOutlinedIcon,
  DownloadOutlined as DownloadOutlinedIcon,
  EditOutlined as EditOutlinedIcon,
  ExpandOutlined as ExpandOutlinedIcon,
  ExperimentOutlined as ExperimentOutlinedIcon,
  EyeInvisibleOutlined as EyeInvisibleOutlinedIcon,
  EyeOutlined as EyeOutlinedIcon,
  FilterOutlined as FilterOutlinedIcon,
  FlagOutlined as FlagOutlinedIcon,
  ForkOutlined as ForkOutlinedIcon,
  FontSizeOutlined as FontSizeOutlinedIcon,
  FullscreenOutlined as FullscreenOutlinedIcon,
  GiftOutlined as GiftOutlinedIcon,
  HistoryOutlined as HistoryOutlinedIcon,
  InboxOutlined as InboxOutlinedIcon,
  KeyOutlined as KeyOutlinedIcon,
  LinkOutlined as LinkOutlinedIcon,
  LoginOutlined as LoginOutlinedIcon,
  MailOutlined as MailOutlinedIcon,
  MessageOutlined as MessageOutlinedIcon,
  MenuFoldOutlined as MenuFoldOutlinedIcon,
  MenuUnfoldOutlined as MenuUnfoldOutlinedIcon,
  MinusOutlined as MinusOutlinedIcon,
  NotificationOutlined as NotificationOutlinedIcon,
  PauseOutlined as PauseOutlinedIcon,
  PlayCircleOutlined as PlayCircleOutlinedIcon,
  PlusOutlined as PlusOutlinedIcon,
  PushpinOutlined as PushpinOutlinedIcon,
  ReloadOutlined as ReloadOutlinedIcon,
  RightOutlined as RightOutlinedIcon,
  SafetyOutlined as SafetyOutlinedIcon,
  SaveOutlined as SaveOutlinedIcon,
  SearchOutlined as SearchOutlinedIcon,
  SendOutlined as SendOutlinedIcon,
  SettingOutlined as SettingOutlinedIcon,
  ShareAltOutlined as ShareAltOutlinedIcon,
  ShoppingCartOutlined as ShoppingCartOutlinedIcon,
  StarFilled as StarFilledIcon,
  StarOutlined as StarOutlinedIcon,
  StopOutlined as StopOutlinedIcon,
  TagOutlined as TagOutlinedIcon,
  TeamOutlined as TeamOutlinedIcon,
  ThunderboltOutlined as ThunderboltOutlinedIcon,
  TranslationOutlined as TranslationOutlinedIcon,
  UploadOutlined as UploadOutlinedIcon,
  UserAddOutlined as UserAddOutlinedIcon,
  UserOutlined as UserOutlinedIcon,
  WarningOutlined as WarningOutlinedIcon,
} from "@ant-design/icons";
import type { ComponentProps, ComponentType } from "react";

type IconProps = ComponentProps<typeof PlusOutlinedIcon>;

/** An icon that is only looked at: whatever it stands beside or in has a name in the reader's language. */
function silent(Icon: ComponentType<IconProps>) {
  return function SilentIcon(props: IconProps) {
    return <Icon role="presentation" aria-label={undefined} aria-hidden {...props} />;
  };
}

export const AimOutlined = silent(AimOutlinedIcon);
export const ApartmentOutlined = silent(ApartmentOutlinedIcon);
export const AppstoreAddOutlined = silent(AppstoreAddOutlinedIcon);
export const ArrowDownOutlined = silent(ArrowDownOutlinedIcon);
export const ArrowLeftOutlined = silent(ArrowLeftOutlinedIcon);
export const ArrowUpOutlined = silent(ArrowUpOutlinedIcon);
export const AuditOutlined = silent(AuditOutlinedIcon);
export const BarChartOutlined = silent(BarChartOutlinedIcon);
export const BellOutlined = silent(BellOutlinedIcon);
export const BulbOutlined = silent(BulbOutlinedIcon);
export const CalendarOutlined = silent(CalendarOutlinedIcon);
export const CheckOutlined = silent(CheckOutlinedIcon);
export const CloseOutlined = silent(CloseOutlinedIcon);
export const CloudUploadOutlined = silent(CloudUploadOutlinedIcon);
export const CodeOutlined = silent(CodeOutlinedIcon);
export const CopyOutlined = silent(CopyOutlinedIcon);
export const CreditCardOutlined = silent(CreditCardOutlinedIcon);
export const DashboardOutlined = silent(DashboardOutlinedIcon);
export const DeleteOutlined = silent(DeleteOutlinedIcon);
export const DownOutlined = silent(DownOutlinedIcon);
export const DownloadOutlined = silent(DownloadOutlinedIcon);
export const EditOutlined = silent(EditOutlinedIcon);
export const ExpandOutlined = silent(ExpandOutlinedIcon);
export const ExperimentOutlined = silent(ExperimentOutlinedIcon);
export const EyeInvisibleOutlined = silent(EyeInvisibleOutlinedIcon);
export const EyeOutlined = silent(EyeOutlinedIcon);
export const FilterOutlined = silent(FilterOutlinedIcon);
export const FlagOutlined = silent(FlagOutlinedIcon);
export const ForkOutlined = silent(ForkOutlinedIcon);
export const FontSizeOutlined = silent(FontSizeOutlinedIcon);
export const FullscreenOutlined = silent(FullscreenOutlinedIcon);
export const GiftOutlined = silent(GiftOutlinedIcon);
export const HistoryOutlined = silent(HistoryOutlinedIcon);
export const InboxOutlined = silent(InboxOutlinedIcon);
export const KeyOutlined = silent(KeyOutlinedIcon);
export const LinkOutlined = silent(LinkOutlinedIcon);
export const LoginOutlined = silent(LoginOutlinedIcon);
export const MailOutlined = silent(MailOutlinedIcon);
export const MessageOutlined = silent(MessageOutlinedIcon);
export const MenuFoldOutlined = silent(MenuFoldOutlinedIcon);
export const MenuUnfoldOutlined = silent(MenuUnfoldOutlinedIcon);
export const MinusOutlined = silent(MinusOutlinedIcon);
export const NotificationOutlined = silent(NotificationOutlinedIcon);
export const PauseOutlined = silent(PauseOutlinedIcon);
export const PlayCircleOutlined = silent(PlayCircleOutlinedIcon);
export const PlusOutlined = silent(PlusOutlinedIcon);
export const PushpinOutlined = silent(PushpinOutlinedIcon);
export const ReloadOutlined = silent(ReloadOutlinedIcon);
export const RightOutlined = silent(RightOutlinedIcon);
export const SafetyOutlined = silent(SafetyOutlinedIcon);
export const SaveOutlined = silent(SaveOutlinedIcon);
export const SearchOutlined = silent(SearchOutlinedIcon);
export const SendOutlined = silent(SendOutlinedIcon);
export const SettingOutlined = silent(SettingOutlinedIcon);
export const ShareAltOutlined = silent(ShareAltOutlinedIcon);
export const ShoppingCartOutlined = silent(ShoppingCartOutlinedIcon);
export const StarFilled = silent(StarFilledIcon);
export const StarOutlined = silent(StarOutlinedIcon);
export const StopOutlined = silent(StopOutlinedIcon);
export const TagOutlined = silent(TagOutlinedIcon);
export const TeamOutlined = silent(TeamOutlinedIcon);
export const ThunderboltOutlined = silent(ThunderboltOutlinedIcon);
export const TranslationOutlined = silent(TranslationOutlinedIcon);
export const UploadOutlined = silent(UploadOutlinedIcon);
export const UserAddOutlined = silent(UserAddOutlinedIcon);
export const UserOutlined = silent(UserOutlinedIcon);
export const WarningOutlined = silent(WarningOutlinedIcon);
