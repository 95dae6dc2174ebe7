import { Alert, Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MediumMark } from "../common/MediumMark";
import { type Channel, type Kind, MEDIA, type Medium } from "../common/types";
import { ChannelForm } from "./ChannelForm";
import { useKindWords } from "./words";

interface Props {
  kinds: Kind[];
  /** Null: another one. */
  channel: Channel | null;
  close: () => void;
  made: (channel: Channel) => void;
}

/** A channel's settings; of a new one its kind is chosen first. */
export function ChannelDrawer({ kinds, channel, close, made }: Props) {
  const { t } = useTranslation();
  const words = useKindWords();
  const [chosen, choose] = useState<string | null>(channel?.kind ?? null);
  const kind = kinds.find((each) => each.kind === chosen);
  const title = channel?.name ?? (kind ? `${t("channels.create")} · ${words(kind.kind).name}` : t("channels.create"));
  const another = kind && !channel && (
    <Button onClick={() => choose(null)}>{t("channels.another")}</Button>
  );
  return (
    <Drawer open size={720} title={title} onClose={close} extra={another}>
      {kind ? (
        <div className="stack">
          {words(kind.kind).setup && <Alert type="info" showIcon title={t("channels.atProvider")} description={words(kind.kind).setup} />}
          <ChannelForm key={kind.kind} kind={kind} channel={channel} close={close} made={made} />
        </div>
      ) : (
        <div className="stack" style={{ gap: 18 }}>
          {MEDIA.map((medium) => (
            <section key={medium} className="stack" style={{ gap: 8 }} aria-label={t(`templates.media.${medium}`)}>
              <strong>
                <MediumMark medium={medium as Medium} />
              </strong>
              <div className="kind-grid">
                {kinds
                  .filter((each) => each.medium === medium)
                  .map((each) => (
                    <button key={each.kind} type="button" className="kind-card" onClick={() => choose(each.kind)}>
                      <strong>{words(each.kind).name}</strong>
                      <small>{words(each.kind).about}</small>
                    </button>
                  ))}
              </div>
            </section>
          ))}
        </div>
      )}
    </Drawer>
  );
}
