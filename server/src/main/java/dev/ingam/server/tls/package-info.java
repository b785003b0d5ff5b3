/// TLS at the listeners: reads and checks the operator's files, serves with them, and follows them
/// when they change. Who a client certificate is, is not known here.
@NullMarked
package dev.ingam.server.tls;

import org.jspecify.annotations.NullMarked;
