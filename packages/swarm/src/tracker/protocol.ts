/** announce and scrape, one request a stream */
export const TRACKER_PROTOCOL = '/peerage/tracker/1.0.0'
