import { invalid } from "../../core/problem.ts";
import { getAllRuns, getAllScenarios, startScenario } from "../../protocol/sandbox/scenarios.ts";
import { demoTokens } from "../../sandbox/demo/demo-world.ts";
import { checkScenario } from "../../sandbox/scenarios/scenario-check.ts";
import { scenarioLibrary, scenarioNamed } from "../../sandbox/scenarios/scenario-library.ts";
import { type SandboxOperation, sandboxOperation } from "./sandbox-operation.ts";

export const scenarioOperations: readonly SandboxOperation[] = [
  sandboxOperation(getAllScenarios, async () => ({ body: { Scenarios: await scenarioLibrary() } })),
  sandboxOperation(startScenario, async ({ scenarios }, { input }) => {
    const { Name, Scenario, ClientToken, AccessToken, EnterpriseId } = input;
    if ((Name ?? undefined) === undefined && !Scenario) throw invalid("Name or Scenario is required.");
    if (Name && Scenario) throw invalid("Name and Scenario can't be given both.");
    if (!ClientToken !== !AccessToken) throw invalid("ClientToken and AccessToken are given both or not at all.");
    const scenario = Name ? await scenarioNamed(Name) : checkScenario(Scenario);
    const tokens = ClientToken && AccessToken ? { ClientToken, AccessToken } : demoTokens;
    return { body: { Run: scenarios.start(scenario, { tokens, enterpriseId: EnterpriseId ?? undefined }) } };
  }),
  sandboxOperation(getAllRuns, ({ scenarios }) => ({ body: { Runs: scenarios.all() } })),
];
