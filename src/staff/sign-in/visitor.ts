import type { FastifyRequest } from "fastify";
import { cookieIn } from "../../http/cookies.ts";
import { isOnOwnMachine, isWithoutTls, originOf } from "../../http/origin.ts";
import { deviceSecrets } from "./devices.ts";
import { deviceCookie, deviceCookieName, sessionCookie, sessionSecretIn } from "./sessions.ts";

/** Who sends a request, as far as the request alone tells. */
export interface Visitor {
  readonly address: string;
  readonly userAgent: string;
  /** The secret in the session's cookie. It may be of a session that is over. */
  readonly sessionSecret: string | undefined;
  /** The secrets of the people who have signed in with this device. */
  readonly devices: readonly string[];
  /** The address at which the visitor reaches this server, as in `https://innbox.example`. */
  readonly origin: string;
  /** Whether a password that they type goes over a network in the clear. */
  readonly isWithoutTls: boolean;
  /** Whether their cookies need TLS: all but those on the server's own machine. */
  readonly hasSecureCookies: boolean;
}

/** @param publicUrl  where people reach the server, if it is set */
export function visitorOf(request: FastifyRequest, publicUrl: string | undefined): Visitor {
  return {
    address: request.ip,
    userAgent: String(request.headers["user-agent"] ?? ""),
    sessionSecret: sessionSecretIn(request.headers.cookie),
    devices: devicesOf(request),
    origin: originOf(request, publicUrl),
    isWithoutTls: isWithoutTls(request, publicUrl),
    hasSecureCookies: !isOnOwnMachine(request, publicUrl),
  };
}

/** The secrets in the device's cookie. */
export function devicesOf({ headers }: Pick<FastifyRequest, "headers">): readonly string[] {
  return deviceSecrets(cookieIn(headers.cookie, deviceCookieName));
}

/**
 * The `Set-Cookie` headers for a visitor.
 * @param session  the secret of a session; null takes the cookie away
 * @param device   what the device's cookie holds from now on; left out where it stays as it is
 */
export function cookiesFor(visitor: Visitor, session: string | null, device?: string): readonly string[] {
  const { hasSecureCookies } = visitor;
  const own = sessionCookie(session, hasSecureCookies);
  return device === undefined ? [own] : [own, deviceCookie(device, hasSecureCookies)];
}
