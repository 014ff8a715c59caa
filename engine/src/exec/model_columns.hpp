// The results of models as columns that expressions may name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exec/rfm_data.hpp"
#include "quintile/expression.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile {

// The names of the classes of a model, by code.
class ClassDictionary final : public ExpressionDictionary {
 public:
  explicit ClassDictionary(const RfmData& data) noexcept : data_(data) {}
  [[nodiscard]] std::uint32_t size() const noexcept override {
    return static_cast<std::uint32_t>(data_.class_infos.size());
  }
  [[nodiscard]] std::string_view text(std::uint32_t code) const noexcept override {
    return data_.class_infos[code].name;
  }

 private:
  const RfmData& data_;
};

// For each model NAME: NAME.class, .r, .f, .m, .recency_days, .first_days, .frequency, .monetary.
// All are NULL for contacts that the model is not for (outside its population, or not known at
// as_of); recency_days and first_days also where there is none, monetary where it is empty. The
// values are those of the results, which must live as long; only validity is made here: one pass
// over two columns of 16 bits a model. Immutable: any number of threads may read it.
class ModelColumns {
 public:
  ModelColumns(std::span<const RfmData* const> models, int currency_decimals);
  ModelColumns(const ModelColumns&) = delete;
  ModelColumns& operator=(const ModelColumns&) = delete;

  [[nodiscard]] std::span<const ExpressionColumn> columns() const noexcept { return columns_; }
  // The values of column `column` from row `begin` (a multiple of 64) on.
  [[nodiscard]] ExpressionColumnView view(std::size_t column, std::size_t begin) const noexcept;

 private:
  struct Source {
    const void* values = nullptr;
    std::size_t value_bytes = 1;
    const std::uint64_t* valid = nullptr;
  };
  void add(std::string name, ExpressionColumn column, Source source);
  void add_model(const RfmData& data, int currency_decimals);
  // Keeps the bitmap of the members that have a number of days.
  const std::uint64_t* valid_days(const RfmData& data, std::span<const std::uint16_t> days);

  std::vector<ExpressionColumn> columns_;
  std::vector<Source> sources_;  // by column
  std::vector<std::unique_ptr<ClassDictionary>> dictionaries_;
  std::vector<AlignedBuffer<std::uint64_t>> bitmaps_;
};

}  // namespace quintile
