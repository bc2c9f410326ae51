module com.example.partner {
    requires dev.tenancy.core;

    provides dev.tenancy.TenantResolver with
            com.example.partner.PartnerResolver;
}
