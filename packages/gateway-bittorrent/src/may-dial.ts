import { BlockList, isIP } from 'node:net'
import type { TcpAddress } from './api.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Addresses at which there is no client: nobody's, everybody's, and those of one cable only. */
const nowhere = new BlockList()
nowhere.addSubnet('0.0.0.0', 8)
nowhere.addSubnet('169.254.0.0', 16)
nowhere.addSubnet('224.0.0.0', 3)
nowhere.addAddress('::', 'ipv6')
nowhere.addSubnet('fe80::', 10, 'ipv6')
nowhere.addSubnet('ff00::', 8, 'ipv6')

/**
 * Whether an address that a tracker named may be dialled. A stranger's list must not lead to
 * services of this machine or to its cloud's metadata address; only a tracker on this machine may
 * name clients on it. Names are refused: nobody but the user says whom to look up.
 */
export function mayDial({ host, port }: TcpAddress, trackerUrl: string): boolean {
  const family = isIP(host)
  if (family === 0 || port === 0) return false
  if (isIn(nowhere, host)) return false
  return !isIn(loopback, host) || isLocal(new URL(trackerUrl).hostname)
}

function isLocal(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$/g, '')
  return host === 'localhost' || (isIP(host) !== 0 && isIn(loopback, host))
}

function isIn(list: BlockList, host: string): boolean {
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}
