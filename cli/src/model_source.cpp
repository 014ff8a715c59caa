#include "model_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace quintile::cli {

Failure data_failure(const Status& status) {
  return {ExitCode::kData, std::string(status.message())};
}

bool names_a_model_file(const std::string& source) {
  const std::span<const std::string_view> presets = rfm_preset_names();
  if (std::find(presets.begin(), presets.end(), source) != presets.end()) {
    return false;
  }
  std::error_code error;
  return source.ends_with(".yaml") || source.ends_with(".yml") ||
         source.find('/') != std::string::npos || std::filesystem::is_regular_file(source, error);
}

std::optional<Failure> read_text_file(const std::string& what, const std::string& path,
                                      std::size_t max_bytes, std::string& text) {
  const auto cannot_read = [&] {
    return Failure{ExitCode::kData,
                   "cannot read " + what + " '" + path + "': " + std::strerror(errno)};
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  if (!file) {
    return cannot_read();
  }
  text.resize(max_bytes + 1);
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return std::ferror(file.get()) != 0 ? std::optional(cannot_read()) : std::nullopt;
}

std::optional<Failure> take_preset(const std::string& name, const std::string& asked_by,
                                   int currency_decimals, RfmModel& model) {
  Result<RfmModel> preset = rfm_preset(name, currency_decimals);
  if (!preset.ok()) {
    return Failure{ExitCode::kUsage, asked_by + std::string(preset.status().message())};
  }
  model = std::move(*preset);
  return std::nullopt;
}

std::optional<Failure> read_model_file(const std::string& path, const std::string& shown,
                                       int currency_decimals, RfmModel& model) {
  std::string text;
  if (auto failure = read_text_file("model", path, kMaxModelBytes, text)) {
    return failure;
  }
  Result<RfmModel> read = parse_rfm_model(text, shown, currency_decimals);
  if (!read.ok()) {
    return data_failure(read.status());
  }
  model = std::move(*read);
  return std::nullopt;
}

}  // namespace quintile::cli
