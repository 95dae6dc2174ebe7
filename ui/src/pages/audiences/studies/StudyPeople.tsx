import { useTranslation } from "react-i18next";
import { useProject } from "@/session/session";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import { peopleOf } from "./ask";

export interface Shown {
  title: string;
  path: string;
  body: object;
}

/** The people behind a number of a study, at the side of the page. */
export function StudyPeople({ shown, close }: { shown: Shown | null; close: () => void }) {
  const { t } = useTranslation();
  const { id } = useProject();
  if (!shown) return null;
  return <SubjectPeopleDrawer title={shown.title} close={close} empty={t("studies.noData")} queryKey={["study-people", id, shown.path, shown.body]} read={peopleOf(id, shown.path, shown.body)} />;
}
