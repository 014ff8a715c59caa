#include "html.hpp"

namespace quintile::cli::report {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char byte : text) {
    switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const auto code = static_cast<unsigned char>(byte);
        const bool control = (code < 0x20 && byte != '\t' && byte != '\n') || code == 0x7F;
        if (control) {
          out += "\xEF\xBF\xBD";
        } else {
          out += byte;
        }
      }
    }
  }
  return out;
}

Html& Html::element(std::string_view tag, std::string_view data) {
  const std::string_view name = tag.substr(0, tag.find(' '));
  out_.append("<").append(tag).append(">");
  text(data);
  out_.append("</").append(name).append(">");
  return *this;
}

}  // namespace quintile::cli::report
