/**
 * What a caller may see and touch: nothing outside these enterprises and, for an integration, nothing that another
 * client created. Every function of the store that reads or writes a property's data takes one (contract, section 4).
 */
export interface ClientScope {
  readonly clientId: string;
  readonly enterpriseIds: readonly string[];
}

/** The property's own side, which sees what every client created. */
export interface PropertyScope {
  readonly clientId: null;
  readonly enterpriseIds: readonly string[];
}

export type Scope = ClientScope | PropertyScope;
