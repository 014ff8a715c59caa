// Models as they are named on the command line and in configurations: a preset or a file.
#pragma once

#include <optional>
#include <string>

#include "command.hpp"
#include <quintile/model.hpp>

namespace quintile::cli {

// A preset's own name is never a file; `./retail` is.
[[nodiscard]] bool names_a_model_file(const std::string& source);

// The preset called `name`; `asked_by` begins the message if there is none.
[[nodiscard]] std::optional<Failure> take_preset(const std::string& name,
                                                 const std::string& asked_by, int currency_decimals,
                                                 RfmModel& model);

// The model in a file, which messages call `shown`.
[[nodiscard]] std::optional<Failure> read_model_file(const std::string& path,
                                                     const std::string& shown,
                                                     int currency_decimals, RfmModel& model);

// At most `max_bytes` of a file and one byte more, so that a wrong file cannot fill the memory.
[[nodiscard]] std::optional<Failure> read_text_file(const std::string& what,
                                                    const std::string& path, std::size_t max_bytes,
                                                    std::string& text);

// A status of the engine as a failure with exit code 1.
[[nodiscard]] Failure data_failure(const Status& status);

}  // namespace quintile::cli
