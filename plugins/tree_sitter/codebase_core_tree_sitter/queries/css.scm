(rule_set (selectors (class_selector (class_name (identifier) @name)))) @const
(rule_set (selectors (id_selector (id_name) @name))) @const
(keyframes_statement (keyframes_name) @name) @const
((declaration (property_name) @name) @field (#match? @name "^--"))
(rule_set (selectors (_ (class_selector (class_name (identifier) @name))))) @const
(rule_set (selectors (_ (_ (class_selector (class_name (identifier) @name)))))) @const
(rule_set (selectors (_ (_ (_ (class_selector (class_name (identifier) @name))))))) @const
(rule_set (selectors (_ (id_selector (id_name) @name)))) @const
(rule_set (selectors (_ (_ (id_selector (id_name) @name))))) @const
(rule_set (selectors (class_selector (class_name) @name))) @const
(at_rule (at_keyword) @_at (keyword_query) @name) @const
