import { useParams } from "react-router";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useTemplate } from "../common/queries";
import { plainSample } from "./body";
import { TemplateEditor } from "./TemplateEditor";
import "../common/writing.css";

/** One template, to be read and changed. */
export function TemplatePage() {
  const { templateId } = useParams();
  const template = useTemplate(templateId);
  if (template.error) return <Failure error={template.error} retry={() => void template.refetch()} />;
  if (!template.data) return <Waiting />;
  const { name, purpose, body } = template.data;
  return <TemplateEditor key={template.data.id} template={template.data} begun={{ name, purpose, body }} sample={plainSample(body.default_language)} />;
}
