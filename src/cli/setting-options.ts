import { environmentVariable, type Setting, serverSettings } from "../config/settings.ts";
import type { Option } from "./command.ts";

/** The flags of settings, with their defaults and environment variables. */
export function settingOptions(settings: readonly Setting<unknown>[] = serverSettings): Option[] {
  const withFlag = settings.filter(({ isSecret }) => !isSecret);
  return withFlag.map((setting) => ({
    name: setting.name,
    placeholder: setting.placeholder,
    description: `${setting.description} Default ${setting.default}; ${environmentVariable(setting)}.`,
  }));
}
