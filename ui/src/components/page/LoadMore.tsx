import { Button } from "antd";
import { useTranslation } from "react-i18next";

interface Props {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Reads the next page of a list; not there when all has been read. */
export function LoadMore({ list }: Props) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <div style={{ display: "grid", placeItems: "center", padding: 12 }}>
      <Button loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        {t("common.loadMore")}
      </Button>
    </div>
  );
}
