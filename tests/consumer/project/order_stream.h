/* Six order lines of three contacts as an Arrow stream. */
#ifndef ORDER_STREAM_H_
#define ORDER_STREAM_H_

#include <quintile/arrow_abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fills `out` with a stream of one batch in static memory; release it, or let an engine do so. */
void open_order_stream(struct ArrowArrayStream* out);

#ifdef __cplusplus
}
#endif

#endif /* ORDER_STREAM_H_ */
