// An engine that holds something of everything, and its snapshot as bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "quintile/engine.hpp"

namespace quintile::testing {

// An attribute of every type, and three types of events.
EngineOptions full_options();
std::unique_ptr<Engine> make_full_engine(std::int64_t contacts);
void ingest_contacts(Engine& engine, std::int64_t count);
void ingest_orders(Engine& engine, std::int64_t count, std::int64_t contacts);
void ingest_events(Engine& engine, std::int64_t count, std::int64_t contacts);

// What can be asked of such an engine.
std::string answers(Engine& engine);

// Makes the checksums of a damaged snapshot right again, so that what is behind them is met. Sizes
// must be those that were written.
std::string with_checksums(std::string bytes);

}  // namespace quintile::testing
