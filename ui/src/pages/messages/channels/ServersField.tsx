import { Button, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { type MailServer, NEW_SERVER } from "./settings";

interface Props {
  servers: MailServer[];
  passwords: string[];
  /** Whether some are set already. */
  hasPasswords: boolean;
  missing: boolean;
  change: (servers: MailServer[], passwords: string[]) => void;
}

const USUAL = { starttls: 587, tls: 465, none: 25 };

/** Mail servers that share what is sent, by weight. */
export function ServersField({ servers, passwords, hasPasswords, missing, change }: Props) {
  const { t } = useTranslation();
  const put = (place: number, next: Partial<MailServer>) => change(servers.map((each, at) => (at === place ? { ...NEW_SERVER, ...each, ...next } : each)), passwords);
  const word = (place: number, text: string) => change(servers, servers.map((_, at) => (at === place ? text : (passwords[at] ?? ""))));
  return (
    <Form.Item label={t("channels.servers")} extra={servers.length > 1 ? t("channels.serversHint") : undefined} validateStatus={missing ? "error" : undefined} help={missing ? t("channels.required") : undefined}>
      <div className="stack" style={{ gap: 10 }}>
        {servers.map((each, place) => (
          <ServerRow
            key={place}
            number={place + 1}
            server={{ ...NEW_SERVER, ...each }}
            password={passwords[place] ?? ""}
            isSet={hasPasswords}
            put={(next) => put(place, next)}
            word={(text) => word(place, text)}
            remove={servers.length > 1 ? () => change(servers.filter((_, at) => at !== place), passwords.filter((_, at) => at !== place)) : null}
          />
        ))}
        <div>
          <Button size="small" icon={<PlusOutlined />} disabled={servers.length >= 20} onClick={() => change([...servers, NEW_SERVER], passwords)}>
            {t("channels.addServer")}
          </Button>
        </div>
      </div>
    </Form.Item>
  );
}

interface RowProps {
  number: number;
  server: MailServer;
  password: string;
  isSet: boolean;
  put: (next: Partial<MailServer>) => void;
  word: (text: string) => void;
  remove: (() => void) | null;
}

function ServerRow({ number, server, password, isSet, put, word, remove }: RowProps) {
  const { t } = useTranslation();
  const label = (name: "host" | "port" | "security" | "username" | "password" | "weight" | "connections") => t(`channels.server.${name}`);
  const named = (name: Parameters<typeof label>[0]) => (number === 1 ? label(name) : `${label(name)} ${number}`);
  const cell = (name: Parameters<typeof label>[0], field: React.ReactNode) => (
    <div className="stack" style={{ gap: 2 }}>
      <span style={{ fontSize: 13 }}>{label(name)}</span>
      {field}
    </div>
  );
  const secure = (security: MailServer["security"]) => put({ security, port: server.port === USUAL[server.security] ? USUAL[security] : server.port });
  return (
    <div className="server-row">
      {cell("host", <Input aria-label={named("host")} autoComplete="off" spellCheck={false} placeholder="smtp.example.com" value={server.host} onChange={(event) => put({ host: event.target.value.trim() })} />)}
      {cell("port", <InputNumber aria-label={named("port")} style={{ width: "100%" }} min={1} max={65535} precision={0} value={server.port} onChange={(port) => put({ port: port ?? 587 })} />)}
      {cell("security", <Select aria-label={named("security")} value={server.security} options={(["starttls", "tls", "none"] as const).map((value) => ({ value, label: t(`channels.server.securities.${value}`) }))} onChange={secure} />)}
      {cell("username", <Input aria-label={named("username")} autoComplete="off" value={server.username} onChange={(event) => put({ username: event.target.value })} />)}
      {cell("password", <Input.Password aria-label={named("password")} autoComplete="new-password" disabled={!server.username} placeholder={isSet && server.username ? t("channels.secretSet") : undefined} value={password} onChange={(event) => word(event.target.value)} />)}
      {cell("weight", <InputNumber aria-label={named("weight")} style={{ width: "100%" }} min={0} max={1000} precision={0} value={server.weight} onChange={(weight) => put({ weight: weight ?? 1 })} />)}
      {cell("connections", <InputNumber aria-label={named("connections")} style={{ width: "100%" }} min={1} max={64} precision={0} value={server.connections} onChange={(connections) => put({ connections: connections ?? 4 })} />)}
      <div className="row" style={{ alignSelf: "end" }}>
        <Checkbox checked={server.check_certificate} disabled={server.security === "none"} onChange={(event) => put({ check_certificate: event.target.checked })}>
          {t("channels.server.check_certificate")}
        </Checkbox>
        {remove && <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("channels.removeServer", { number })} onClick={remove} />}
      </div>
    </div>
  );
}
