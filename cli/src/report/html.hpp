// HTML text with everything that came from data escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace quintile::cli::report {

// `text` with & < > " ' written as entities and other control characters than tab and line feed as
// U+FFFD, so that it is safe between tags and inside quoted attributes.
[[nodiscard]] std::string escaped(std::string_view text);

// Grows a page. markup() is for what this program wrote itself, text() for everything else.
//
//   html.markup("<td>").text(name).markup("</td>");
class Html {
 public:
  Html& markup(std::string_view trusted) {
    out_.append(trusted);
    return *this;
  }
  Html& text(std::string_view data) {
    out_.append(escaped(data));
    return *this;
  }
  // <tag>text</tag>; `tag` may carry attributes.
  Html& element(std::string_view tag, std::string_view data);

  [[nodiscard]] const std::string& page() const { return out_; }

 private:
  std::string out_;
};

}  // namespace quintile::cli::report
