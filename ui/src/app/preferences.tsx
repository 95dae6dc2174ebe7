import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export type ThemeChoice = "system" | "light" | "dark";

interface Preferences {
  theme: ThemeChoice;
  dark: boolean;
  setTheme: (theme: ThemeChoice) => void;
}

const STORED = "bihuan.theme";
const Context = createContext<Preferences | null>(null);
const systemIsDark = () => window.matchMedia("(prefers-color-scheme: dark)");

function stored(): ThemeChoice {
  const value = localStorage.getItem(STORED);
  return value === "light" || value === "dark" ? value : "system";
}

/** Light or dark, as chosen on this device. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [theme, choose] = useState<ThemeChoice>(stored);
  const [system, setSystem] = useState(() => systemIsDark().matches);
  useEffect(() => {
    const media = systemIsDark();
    const follow = () => setSystem(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  const dark = theme === "dark" || (theme === "system" && system);
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }, [dark]);
  const value = useMemo(
    () => ({
      theme,
      dark,
      setTheme: (next: ThemeChoice) => {
        localStorage.setItem(STORED, next);
        choose(next);
      },
    }),
    [theme, dark],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const found = useContext(Context);
  if (found === null) throw new Error("outside of PreferencesProvider");
  return found;
}
