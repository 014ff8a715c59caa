// Any bytes as the file of a catalogue: a catalogue that writes itself as text which reads back as
// the same, or an error with a message.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "quintile/catalogue.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using quintile::fuzz::require;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const quintile::Result<quintile::Catalogue> read = quintile::Catalogue::from_json(input);
  if (!read.ok()) {
    require(
        !read.status().message().empty() && read.status().code() != quintile::StatusCode::kInternal,
        "a refusal says why", input);
    return 0;
  }
  const quintile::Result<std::string> written = read->to_json();
  require(written.ok(), "what was read can be written", input);
  const quintile::Result<quintile::Catalogue> again = quintile::Catalogue::from_json(*written);
  require(again.ok() && again->to_json().value() == *written, "what is written reads back", input);
  require(read->definitions().size() == read->segments().size(), "there is an order", input);
  return 0;
}
