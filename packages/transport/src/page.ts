import { isGlobalHost } from './address/global-unicast.ts'

/** The page this runs in, if it runs in one. */
function page(): { hostname: string; protocol: string } | undefined {
  return globalThis.location
}

/** A page served from this machine or network may reach what is there; others may not. */
export function isLocalPage(): boolean {
  const hostname = page()?.hostname
  return (
    hostname !== undefined && hostname !== '' && !isGlobalHost(hostname.replace(/^\[|\]$/g, ''))
  )
}

/** Browsers forbid secure pages to open WebSockets without TLS (mixed content). */
export function isSecurePage(): boolean {
  return page()?.protocol === 'https:'
}
