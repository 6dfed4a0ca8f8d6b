export { fastTls, type FastTlsComponents } from './fast-tls.ts'
