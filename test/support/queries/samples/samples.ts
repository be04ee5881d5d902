import { nilIdentifier } from "../../../../src/core/identifiers.ts";
import type { AnySource } from "../../../../src/store/lists/merged-lists.ts";
import type { Parameter, Parameters, Query } from "../../../../src/store/query.ts";
import { sampleId, sampleTime, second } from "../sample-names.ts";

/** The enterprises that a query is asked about; most are about the first one alone. */
export interface SampledScope {
  readonly enterpriseId: string;
  readonly enterpriseIds: readonly string[];
}

type ParametersOf<Q> = Q extends Query<infer _R, infer P> ? P : never;

/** What each query of a module is asked. */
export type Samples<Queries> = {
  readonly [Name in keyof Queries]: (scope: SampledScope) => ParametersOf<Queries[Name]>;
};

/** What a source of lists is asked: what all lists have in common, and what each one is found by. */
export type SourceSamples<Sources> = {
  readonly [Name in keyof Sources]: Sources[Name] extends AnySource<infer _R, infer Shared>
    ? {
        readonly shared: Shared;
        readonly own: (enterpriseId: string) => Readonly<Record<OwnName<Sources[Name]>, Parameter>>;
      }
    : never;
};

type OwnName<Source> = Source extends { readonly own: readonly (infer Name extends string)[] } ? Name : never;

/** A sample as it is looked for by the name of its query. */
export type SampleOf = (scope: SampledScope) => Parameters;

export const client = sampleId("client", 0);
export const integration = sampleId("integration", 0);
export const endpoint = sampleId("endpoint", 0);
export const delivery = sampleId("delivery", 1);
export const user = sampleId("user", 0);
export const now = sampleTime(100_000);
export const day = 86_400 * second;
export const hour = 3600 * second;
export const url = "https://partner-0.example/";
export const bytes = Buffer.from("sealed");

/** Ids of threads and messages of the first enterprises of the samples, as many as a request asks for. */
export const threads = [0, 1, 2].flatMap((enterprise) =>
  [0, 1].map((number) => sampleId("thread", enterprise * 1_000_000 + number)),
);
export const messages = threads.map((id) => id.replace(/^7/, "5"));
export const thread = threads[0] ?? "";
export const message = messages[0] ?? "";

/** What no sample has the id of. */
export const another = 9_999_999;

/** Bounds that all lists share. */
export const bounds = { clientId: client, from: 0, before: now, beforeEnterpriseId: nilIdentifier };

/** For queries without parameters. */
export const nothing = () => ({});

/** For queries that read a list page by page. */
export const fromTheFirst = () => ({ after: nilIdentifier });
