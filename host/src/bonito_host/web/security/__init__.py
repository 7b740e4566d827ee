"""Who may use the pages and the API: nobody without the operator's secret, from no other site."""
