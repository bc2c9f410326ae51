module com.example.twins {
    requires dev.tenancy.core;

    provides dev.tenancy.TenantResolver with
            com.example.twins.First,
            com.example.twins.Second;
}
