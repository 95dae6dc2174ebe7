import { Button, type ButtonProps } from "antd";
import { useNavigate } from "react-router";

/** A link inside these pages that looks like a button. */
export function LinkButton({ to, ...rest }: Omit<ButtonProps, "href" | "onClick"> & { to: string }) {
  const navigate = useNavigate();
  const go = (click: React.MouseEvent<HTMLElement>) => {
    if (click.metaKey || click.ctrlKey || click.shiftKey) return;
    click.preventDefault();
    void navigate(to);
  };
  return <Button {...rest} href={to} onClick={go} />;
}
