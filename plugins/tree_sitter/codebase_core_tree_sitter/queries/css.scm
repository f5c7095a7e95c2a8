(rule_set (selectors (class_selector (class_name (identifier) @name)))) @const
(rule_set (selectors (id_selector (id_name) @name))) @const
(keyframes_statement (keyframes_name) @name) @const
((declaration (property_name) @name) @field (#match? @name "^--"))
