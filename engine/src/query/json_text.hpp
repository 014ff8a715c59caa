// JSON strings, for whoever writes JSON.
#pragma once

#include <string>
#include <string_view>

namespace quintile {

// Append `text` as a JSON string, quotes and escapes included. Bytes from 0x20 on stay as they are,
// so UTF-8 stays UTF-8.
void append_json_string(std::string_view text, std::string& out);

}  // namespace quintile
